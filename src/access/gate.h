// Decides whether a request may do what it is about to do, by the token in its header
// `Authorization: Bearer …` (RFC 6750).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/token_store.h"
#include "base/error.h"

namespace photodrop {

// What takes a token.
enum class Auth {
  off,    // nothing
  write,  // uploads and deletions
  all,    // reading too
};

struct Refusal {
  Error error;            // unauthorized: no token in force; forbidden: not one for this
  std::string challenge;  // for the header WWW-Authenticate (RFC 6750 §3)
};

class Gate {
 public:
  // The tokens must outlive the gate.
  Gate(Auth auth, TokenStore& tokens) : auth_(auth), tokens_(tokens) {}

  // Nullopt lets the request in. `authorization` is the header's value, empty without one; of
  // a header that was sent twice, the values joined, which are no token. Asks the store when a
  // token is needed and this could be one, and throws what the store throws.
  std::optional<Refusal> refuse(Scope scope, std::string_view authorization);

  // The id of the token by which a request was let in for that; empty when it took none.
  std::string_view bearer(Scope scope, std::string_view authorization) const;

 private:
  std::optional<Token> find(std::string_view text);

  Auth auth_;
  TokenStore& tokens_;
};

}  // namespace photodrop
