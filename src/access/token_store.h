// The tokens that are in force, wherever they are kept.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/token.h"
#include "base/digest.h"

namespace photodrop {

struct NewToken {
  std::string id;
  std::string name;  // is_token_name
  Sha256 sha256;     // of the whole text
  Scopes scopes;
  std::optional<std::chrono::seconds> life = {};  // from now on; for ever without one
};

struct Token {
  std::string id;
  std::string name;
  std::string sha256;  // 64 hex digits
  Scopes scopes;
  std::string created_at;                 // RFC 3339, UTC
  std::optional<std::string> expires_at;  // the same
};

// Every call throws Error{database_unavailable} when the store does not answer. Nothing is
// cached: what one process has changed, all others see with their next call.
class TokenStore {
 public:
  virtual ~TokenStore() = default;

  // False, and nothing done, when there is a token of that name, be it expired.
  virtual bool add(const NewToken& token) = 0;

  // The token with this id, unless there is none or its time is over.
  virtual std::optional<Token> find(std::string_view id) = 0;

  // All of them, the expired too, in the order of the bytes of their names.
  virtual std::vector<Token> list() = 0;

  // Takes the token's force away, and frees its name. False when there is none of that name.
  virtual bool revoke(std::string_view name) = 0;
};

}  // namespace photodrop
