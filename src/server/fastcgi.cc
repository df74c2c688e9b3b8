#include "server/fastcgi.h"

#include <algorithm>

#include "base/text.h"
#include "http/status.h"

namespace photodrop {
namespace {

constexpr std::string_view kHeaderPrefix = "HTTP_";

// Has no body, and so no Content-Length: that of a 204 may not be, that of a 304 would be the
// one of a 200 (RFC 9110 §8.6).
bool has_no_body(int status) {
  return status == 204 || status == 304;
}

// HTTP_X_FILENAME → x-filename
std::string header_name(std::string_view variable) {
  std::string name = lower_ascii(variable.substr(kHeaderPrefix.size()));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// nginx's $msec: seconds since 1970 with three decimals.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parse_time(
    std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() - point != 4) return std::nullopt;
  const auto seconds = parse_integer(text.substr(0, point));
  const auto thousandths = parse_integer(text.substr(point + 1));
  if (!seconds || !thousandths || *seconds < 0 || *thousandths < 0 || *seconds >> 32 != 0)
    return std::nullopt;
  return std::chrono::sys_time<std::chrono::milliseconds>(
      std::chrono::seconds(*seconds) + std::chrono::milliseconds(*thousandths));
}

}  // namespace

void take_variable(Request& request, std::string_view name, std::string_view value) {
  if (name == "REQUEST_METHOD") {
    request.method = value;
  } else if (name == "DOCUMENT_URI") {
    request.path = value;
  } else if (name == "QUERY_STRING") {
    request.query = value;
  } else if (name == "CONTENT_TYPE") {
    request.content_type = value;
  } else if (name == "REQUEST_ID") {
    request.request_id = value;
  } else if (name == "PASSED_ON") {
    request.passed_on = parse_time(value);
  } else if (name == "LIST_CACHE") {
    request.keeps_lists = value == "on";
  } else if (name == "THUMBNAIL_POOL") {
    request.has_thumbnail_pool = value == "on";
  } else if (name.starts_with(kHeaderPrefix)) {
    // A header that was sent twice is one whose values are joined (RFC 9110 §5.3).
    const auto [header, added] = request.headers.emplace(header_name(name), value);
    if (!added) header->second.append(", ").append(value);
  }
}

std::optional<std::size_t> parse_content_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto length = parse_integer(text);
  if (!length || *length < 0) return std::nullopt;
  return static_cast<std::size_t>(*length);
}

std::string response_head(const Response& response) {
  std::string head = "Status: " + std::to_string(response.status) + " ";
  head.append(reason_phrase(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  const auto* const text = std::get_if<std::string>(&response.body);
  if (text != nullptr && !has_no_body(response.status)) {
    head.append("Content-Length: ").append(std::to_string(text->size())).append("\r\n");
  }
  return head.append("\r\n");
}

}  // namespace photodrop
