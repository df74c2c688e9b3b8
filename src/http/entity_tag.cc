#include "http/entity_tag.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace photodrop {
namespace {

constexpr std::string_view kWeak = "W/";

bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

std::string_view without_weakness(std::string_view tag) {
  if (tag.starts_with(kWeak)) tag.remove_prefix(kWeak.size());
  return tag;
}

// Takes the tag that `list` begins with off it and returns what is in quotes, with them;
// nullopt when it begins with none.
std::optional<std::string_view> take_tag(std::string_view& list) {
  const std::string_view text = without_weakness(list);
  if (!text.starts_with('"')) return std::nullopt;
  const auto end = std::find_if_not(text.begin() + 1, text.end(), is_tag_character);
  if (end == text.end() || *end != '"') return std::nullopt;
  const auto size = static_cast<std::size_t>(end - text.begin()) + 1;
  list = text.substr(size);
  return text.substr(0, size);
}

}  // namespace

// An element of a list may be empty (RFC 9110 §5.6.1).
bool names_entity_tag(std::string_view if_none_match, std::string_view tag) {
  std::string_view list = trim(if_none_match);
  if (list == "*") return true;
  bool is_named = false;
  while (!list.empty()) {
    if (!list.starts_with(',')) {
      const auto named = take_tag(list);
      if (!named) return false;
      is_named = is_named || *named == without_weakness(tag);
      list = trim(list);
      if (!list.empty() && !list.starts_with(',')) return false;
    }
    if (!list.empty()) list = trim(list.substr(1));
  }
  return is_named;
}

}  // namespace photodrop
