#include "http/multipart.h"

#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "http/header_params.h"

namespace photodrop {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kBoundaryChars =  // RFC 2046 §5.1.1
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=? ";

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(Fault::malformed_upload, sentence);
}

[[noreturn]] void refuse_truncated() {
  refuse("The upload is truncated: its closing boundary is missing.");
}

[[noreturn]] void refuse_bare_line_ends() {
  refuse("The lines of the upload must end in CRLF.");
}

[[noreturn]] void refuse_over(const char* what, std::size_t limit, const char* unit) {
  refuse(std::string(what) + " has more than " + std::to_string(limit) + " " + unit + ".");
}

// memmem skips ahead by the needle's length. string_view::find stops at every line feed: on a
// body of little else it is two hundred times slower.
std::size_t find_from(std::string_view text, std::string_view needle, std::size_t from) {
  const void* const found =
      memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  if (found == nullptr) return kNone;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= kMaxBoundaryBytes && text.back() != ' ' &&
         text.find_first_not_of(kBoundaryChars) == kNone;
}

std::string boundary_of(std::string_view content_type) {
  const auto header = parse_header_value(content_type);
  if (!header) refuse("The Content-Type header is malformed.");
  if (!equals_ignoring_case(header->value, "multipart/form-data")) {
    refuse("The Content-Type is not multipart/form-data.");
  }
  auto boundary = find_param(*header, "boundary");
  if (!boundary) refuse("The Content-Type header names no boundary.");
  if (!is_boundary(*boundary)) refuse("The boundary in the Content-Type header is not valid.");
  return std::move(*boundary);
}

struct Delimiter {
  std::size_t begin;  // of its CRLF, where the content before it ends
  std::size_t end;    // of its line, where the next part starts
  bool closing;
};

// Finds the delimiters of one body, each byte of which is searched once.
class Delimiters {
 public:
  Delimiters(std::string_view body, const std::string& boundary)
      : body_(body), line_("\n--" + boundary) {}

  Delimiter first() const;
  Delimiter next(std::size_t from) const;

 private:
  Delimiter at_line_feed(std::size_t line_feed) const;
  Delimiter read(std::size_t begin, std::size_t boundary_end) const;

  std::string_view body_;
  std::string line_;  // searched from its LF, so that one without CR is seen and refused
};

Delimiter Delimiters::first() const {
  const std::string_view opening = std::string_view(line_).substr(1);
  if (body_.starts_with(opening)) return read(0, opening.size());
  if (opening.starts_with(body_)) refuse_truncated();
  const std::size_t line_feed =
      find_from(body_.substr(0, kMaxPreambleBytes + 1 + line_.size()), line_, 0);
  if (line_feed == kNone) {
    refuse("The upload does not start with the boundary that its Content-Type names.");
  }
  return at_line_feed(line_feed);
}

Delimiter Delimiters::next(std::size_t from) const {
  const std::size_t line_feed = find_from(body_, line_, from);
  if (line_feed == kNone) refuse_truncated();
  return at_line_feed(line_feed);
}

Delimiter Delimiters::at_line_feed(std::size_t line_feed) const {
  if (line_feed == 0 || body_[line_feed - 1] != '\r') refuse_bare_line_ends();
  return read(line_feed - 1, line_feed + line_.size());
}

// A line that goes on after the boundary is a delimiter to RFC 2046 §5.1.1 and content to most
// parsers, so neither reading is safe.
Delimiter Delimiters::read(std::size_t begin, std::size_t boundary_end) const {
  const bool closing = body_.substr(boundary_end).starts_with("--");
  std::size_t end = boundary_end + (closing ? 2 : 0);
  while (end < body_.size() && (body_[end] == ' ' || body_[end] == '\t')) ++end;
  const std::string_view rest = body_.substr(end);
  if (rest.starts_with("\r\n")) return {begin, end + 2, closing};
  if (closing && rest.empty()) return {begin, end, closing};
  if (rest.empty() || rest == "\r" || rest == "-") refuse_truncated();
  if (rest.front() == '\n') refuse_bare_line_ends();
  refuse("The upload is ambiguous: a line starts with the boundary but is not a delimiter.");
}

struct PartHeaders {
  std::optional<std::string_view> disposition;
  std::optional<std::string_view> content_type;
  std::optional<std::string_view> transfer_encoding;
};

void set_once(std::optional<std::string_view>& header, std::string_view value) {
  if (header) refuse("A part of the upload has the same header twice.");
  header = value;
}

void read_header_line(std::string_view line, PartHeaders& headers) {
  if (line.find_first_of("\r\n") != kNone) refuse_bare_line_ends();
  if (line.starts_with(' ') || line.starts_with('\t')) {
    refuse("A part of the upload has a folded header, which is not supported.");
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == kNone || !is_token(name)) refuse("A part of the upload has a malformed header.");
  const std::string_view value = trim(line.substr(colon + 1));
  if (equals_ignoring_case(name, "Content-Disposition")) set_once(headers.disposition, value);
  if (equals_ignoring_case(name, "Content-Type")) set_once(headers.content_type, value);
  if (equals_ignoring_case(name, "Content-Transfer-Encoding")) {
    set_once(headers.transfer_encoding, value);
  }
}

PartHeaders read_headers(std::string_view block) {
  PartHeaders headers;
  for (std::size_t count = 1; !block.empty(); ++count) {
    if (count > kMaxPartHeaders)
      refuse_over("A part of the upload", kMaxPartHeaders, "headers");
    const std::size_t end = block.find("\r\n");
    read_header_line(block.substr(0, end), headers);
    block.remove_prefix(end == kNone ? block.size() : end + 2);
  }
  return headers;
}

// The size of the header lines at the start of `part`, without the empty line that ends them.
std::size_t header_size(std::string_view part) {
  const std::size_t size = part.substr(0, kMaxPartHeaderBytes + 4).find("\r\n\r\n");
  if (size != kNone) return size;
  if (part.size() > kMaxPartHeaderBytes) {
    refuse_over("A part of the upload", kMaxPartHeaderBytes, "bytes of headers");
  }
  refuse("A part of the upload has no empty line after its headers.");
}

void check_transfer_encoding(std::string_view value) {
  for (const char* const plain : {"binary", "8bit", "7bit"}) {
    if (equals_ignoring_case(value, plain)) return;
  }
  refuse("A part of the upload has a Content-Transfer-Encoding, which is not supported.");
}

FormPart form_part(const PartHeaders& headers) {
  if (!headers.disposition) refuse("A part of the upload has no Content-Disposition.");
  const auto disposition = parse_header_value(*headers.disposition);
  if (!disposition || !equals_ignoring_case(disposition->value, "form-data")) {
    refuse("A part of the upload has a malformed Content-Disposition.");
  }
  auto name = find_param(*disposition, "name");
  if (!name) refuse("A part of the upload has no name.");
  FormPart part;
  part.name = std::move(*name);
  part.filename = find_param(*disposition, "filename");
  return part;
}

std::string_view without_params(std::string_view header) {
  return trim(header.substr(0, header.find(';')));
}

// `text` is all that lies between two delimiters.
FormPart parse_part(std::string_view text) {
  const std::size_t size = header_size(text);
  const PartHeaders headers = read_headers(text.substr(0, size));
  if (headers.transfer_encoding) check_transfer_encoding(*headers.transfer_encoding);
  FormPart part = form_part(headers);
  part.content_type = without_params(headers.content_type.value_or(""));
  part.content = text.substr(size + 4);
  if (!part.filename && part.content.size() > kMaxTextFieldBytes) {
    refuse_over("A text field of the upload", kMaxTextFieldBytes, "bytes");
  }
  return part;
}

}  // namespace

std::string media_type_of(std::string_view content_type) {
  return lower_ascii(without_params(content_type));
}

std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body) {
  const Delimiters delimiters(body, boundary_of(content_type));
  std::vector<FormPart> parts;
  Delimiter last = delimiters.first();
  while (!last.closing) {
    if (parts.size() == kMaxParts) refuse_over("The upload", kMaxParts, "parts");
    const Delimiter next = delimiters.next(last.end);
    parts.push_back(parse_part(body.substr(last.end, next.begin - last.end)));
    last = next;
  }
  return parts;
}

}  // namespace photodrop
