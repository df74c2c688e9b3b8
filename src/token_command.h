// `photodrop token`: gives programs leave to use the API, and takes it back.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "access/token_store.h"

namespace photodrop {

struct TokenOptions {
  enum class Action { create, list, revoke };

  Action action = Action::list;
  std::string name = {};                          // to create, to revoke
  Scopes scopes = {};                             // to create: at least one
  std::optional<std::chrono::seconds> life = {};  // to create
};

// What follows the command: `create NAME --scope upload,read,delete [--expires 90d]`, `list` or
// `revoke NAME`. A life is a whole number of days (d), hours (h) or minutes (m), of at most a
// hundred years. nullopt when it is anything else.
std::optional<TokenOptions> parse_token_options(std::span<const std::string_view> arguments);

// Standard output gets the token alone, for a script to catch it, or the list; what is said
// about it goes to standard error. Returns 0, or 1 when the name is taken or there is no such
// token; what the store throws passes through.
int run_token(TokenStore& tokens, const TokenOptions& options);

}  // namespace photodrop
