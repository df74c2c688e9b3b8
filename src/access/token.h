// What a token is: a secret text that lets its bearer use the API, in the ways that its scopes
// name. Of the text only the SHA-256 is kept; it is random, so a hash made to be slow would add
// nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace photodrop {

enum class Scope {
  upload,
  read,
  remove,  // "delete" to people
};

using Scopes = std::set<Scope>;

// "upload", "read" or "delete".
std::string_view name_of(Scope scope);

// "upload,delete": the names, separated by commas. Parsing takes them in any order, and returns
// nullopt for an empty list and for what is no scope.
std::string list_of(const Scopes& scopes);
std::optional<Scopes> parse_scopes(std::string_view list);

// What people call a token by: 1 to 64 characters of well-formed UTF-8, no controls, no space
// at either end.
bool is_token_name(std::string_view name);

// A new token: pd_<id>_<secret>. The id, 12 hex digits, is what it is looked up by and no
// secret; the secret has 256 bits, in 64 hex digits. All of it is one word to a terminal and
// needs no escaping anywhere.
std::string make_token();

// The id of a text that has a token's form, a view into it; nullopt for any other text.
std::optional<std::string_view> token_id(std::string_view text);

}  // namespace photodrop
