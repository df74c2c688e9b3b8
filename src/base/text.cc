#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace photodrop {
namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

unsigned char octet(char c) {
  return static_cast<unsigned char>(c);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_continuation(char c) {
  return (octet(c) & 0xC0) == 0x80;
}

// The bounds of the second byte are those of Unicode 15, table 3-7: no overlong forms, no
// surrogates, nothing past U+10FFFF.
bool second_byte_fits(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

std::size_t length_by_first_byte(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

// The length of the well-formed sequence that `text` starts with, or 0.
std::size_t sequence_length(std::string_view text) {
  const std::size_t length = length_by_first_byte(octet(text[0]));
  if (length <= 1) return length;
  if (length > text.size()) return 0;
  if (!second_byte_fits(octet(text[0]), octet(text[1]))) return 0;
  const auto rest = text.substr(2, length - 2);
  return std::all_of(rest.begin(), rest.end(), is_continuation) ? length : 0;
}

bool is_control(std::string_view sequence) {
  if (sequence.size() == 1) return octet(sequence[0]) < 0x20 || octet(sequence[0]) == 0x7F;
  return sequence.size() == 2 && octet(sequence[0]) == 0xC2 && octet(sequence[1]) < 0xA0;
}

constexpr bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr std::array<bool, 256> kUnreserved = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = is_unreserved(static_cast<char>(byte));
  }
  return table;
}();

// The byte that two hex digits stand for; nullopt when `digits` are not two of them.
std::optional<char> unescape(std::string_view digits) {
  unsigned char byte = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, byte, 16);
  if (digits.size() != 2 || error != std::errc() || stop != end) return std::nullopt;
  return static_cast<char>(byte);
}

}  // namespace

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view take_until(std::string_view& rest, char separator) {
  const std::string_view taken = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(taken.size() + 1, rest.size()));
  return taken;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string clean_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      out += kReplacementCharacter;
      text.remove_prefix(1);
      continue;
    }
    if (!is_control(text.substr(0, length))) out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && is_continuation(text[end])) --end;
  return text.substr(0, end);
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  const auto is_kept = [=](char c) {
    return kUnreserved[octet(c)] || (keep_slash && c == '/');
  };
  for (auto rest = text.begin(); rest != text.end(); ++rest) {
    const auto stop = std::find_if_not(rest, text.end(), is_kept);
    out.append(rest, stop);
    if (stop == text.end()) break;
    out += '%';
    out += kDigits[octet(*stop) >> 4];
    out += kDigits[octet(*stop) & 15];
    rest = stop;
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? unescape(text.substr(i + 1, 2)) : std::nullopt;
    out += byte.value_or(text[i]);
    if (byte) i += 2;
  }
  return out;
}

std::string form_decode(std::string_view text) {
  std::string with_spaces(text);
  std::replace(with_spaces.begin(), with_spaces.end(), '+', ' ');
  return percent_decode(with_spaces);
}

}  // namespace photodrop
