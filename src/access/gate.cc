#include "access/gate.h"

#include "base/text.h"

namespace photodrop {
namespace {

const std::string kChallenge = "Bearer realm=\"photodrop\"";

bool takes_token(Auth auth, Scope scope) {
  switch (auth) {
    case Auth::off:
      return false;
    case Auth::write:
      return scope != Scope::read;
    case Auth::all:
      return true;
  }
  return true;
}

// What follows the scheme's name, which has no case (RFC 9110 §11.1).
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  static constexpr std::string_view kScheme = "Bearer ";
  if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  return trim(authorization.substr(kScheme.size()));
}

Refusal no_token() {
  return {.error = {Fault::unauthorized,
                    "This needs a token: send it in the header Authorization: Bearer."},
          .challenge = kChallenge};
}

// The id is no secret, and tells the log's reader who is still using an old token.
Refusal bad_token(std::string_view text) {
  const auto id = token_id(text);
  return {.error = {Fault::unauthorized, "The token is unknown, revoked or expired.",
                    id ? "token " + std::string(*id) : "not a token"},
          .challenge = kChallenge + ", error=\"invalid_token\""};
}

Refusal lacks(Scope scope, const Token& token) {
  const std::string name(name_of(scope));
  return {.error = {Fault::forbidden, "The token lacks the scope " + name + ".",
                    "token " + token.id},
          .challenge = kChallenge + ", error=\"insufficient_scope\", scope=\"" + name + "\""};
}

}  // namespace

std::optional<Refusal> Gate::refuse(Scope scope, std::string_view authorization) {
  if (!takes_token(auth_, scope)) return std::nullopt;
  const auto text = bearer_token(authorization);
  if (!text) return no_token();
  const auto token = find(*text);
  if (!token) return bad_token(*text);
  if (token->scopes.count(scope) == 0) return lacks(scope, *token);
  return std::nullopt;
}

std::string_view Gate::bearer(Scope scope, std::string_view authorization) const {
  if (!takes_token(auth_, scope)) return {};
  return token_id(bearer_token(authorization).value_or("")).value_or("");
}

std::optional<Token> Gate::find(std::string_view text) {
  const auto id = token_id(text);
  auto token = id ? tokens_.find(*id) : std::nullopt;
  if (!token || !equal_in_constant_time(token->sha256, hex(sha256(text)))) return std::nullopt;
  return token;
}

}  // namespace photodrop
