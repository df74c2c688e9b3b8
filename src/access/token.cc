#include "access/token.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"

namespace photodrop {
namespace {

constexpr Scope kScopes[] = {Scope::upload, Scope::read, Scope::remove};
constexpr std::string_view kPrefix = "pd_";
constexpr std::size_t kIdBytes = 6;
constexpr std::size_t kSecretBytes = 32;
constexpr std::ptrdiff_t kLongestName = 64;

std::optional<Scope> scope_named(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kScopes), std::end(kScopes),
                                         [&](Scope scope) { return name_of(scope) == name; });
  return found == std::end(kScopes) ? std::nullopt : std::optional(*found);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::upload:
      return "upload";
    case Scope::read:
      return "read";
    case Scope::remove:
      return "delete";
  }
  return "unknown";
}

std::string list_of(const Scopes& scopes) {
  std::string list;
  for (const Scope scope : scopes) {
    list.append(list.empty() ? "" : ",").append(name_of(scope));
  }
  return list;
}

std::optional<Scopes> parse_scopes(std::string_view list) {
  Scopes scopes;
  while (true) {
    const std::size_t comma = list.find(',');
    const auto scope = scope_named(list.substr(0, comma));
    if (!scope) return std::nullopt;
    scopes.insert(*scope);
    if (comma == std::string_view::npos) return scopes;
    list.remove_prefix(comma + 1);
  }
}

bool is_token_name(std::string_view name) {
  const auto length = std::count_if(name.begin(), name.end(), begins_character);
  return length >= 1 && length <= kLongestName && clean_text(name) == name &&
         trim(name) == name;
}

std::string make_token() {
  std::string token(kPrefix);
  return token.append(hex(random_bytes(kIdBytes)))
      .append("_")
      .append(hex(random_bytes(kSecretBytes)));
}

std::optional<std::string_view> token_id(std::string_view text) {
  constexpr std::size_t kSeparator = kPrefix.size() + 2 * kIdBytes;
  constexpr std::size_t kLength = kSeparator + 1 + 2 * kSecretBytes;
  if (text.size() != kLength || !text.starts_with(kPrefix) || text[kSeparator] != '_') {
    return std::nullopt;
  }
  const std::string_view id = text.substr(kPrefix.size(), 2 * kIdBytes);
  if (!is_hex(id) || !is_hex(text.substr(kSeparator + 1))) return std::nullopt;
  return id;
}

}  // namespace photodrop
