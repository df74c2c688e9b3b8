#include "http/query.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace photodrop {
namespace {

// The byte that two hex digits stand for; nullopt when `digits` are not two of them.
std::optional<char> unescape(std::string_view digits) {
  unsigned char byte = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, byte, 16);
  if (digits.size() != 2 || error != std::errc() || stop != end) return std::nullopt;
  return static_cast<char>(byte);
}

// The form encoding's own way of writing a space.
std::string with_spaces(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '+', ' ');
  return out;
}

}  // namespace

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

QueryFields parse_query(std::string_view query) {
  QueryFields fields;
  while (!query.empty()) {
    const std::string_view field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(field.size() + 1, query.size()));
    if (field.empty()) continue;
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string_view value = field.substr(std::min(equals + 1, field.size()));
    fields.emplace_back(percent_decode(with_spaces(field.substr(0, equals))),
                        percent_decode(with_spaces(value)));
  }
  return fields;
}

std::optional<std::string_view> find_field(const QueryFields& fields, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [field, value] : fields) {
    if (field != name) continue;
    if (found) {
      throw Error(Fault::invalid_parameter,
                  "The parameter " + std::string(name) + " is given more than once.");
    }
    found = value;
  }
  return found;
}

}  // namespace photodrop
