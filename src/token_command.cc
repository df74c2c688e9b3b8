#include "token_command.h"

#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "base/text.h"

namespace photodrop {
namespace {

using Action = TokenOptions::Action;
using Arguments = std::span<const std::string_view>;

// A unit of 0 s is none.
std::chrono::seconds unit_named(char letter) {
  switch (letter) {
    case 'd':
      return std::chrono::hours(24);
    case 'h':
      return std::chrono::hours(1);
    case 'm':
      return std::chrono::minutes(1);
    default:
      return {};
  }
}

std::optional<std::chrono::seconds> parse_life(std::string_view text) {
  constexpr std::chrono::seconds kLongest = std::chrono::hours(24) * 36500;
  if (text.empty()) return std::nullopt;
  const auto count = parse_integer(text.substr(0, text.size() - 1));
  const auto unit = unit_named(text.back());
  if (!count || unit == unit.zero() || *count < 1 || *count > kLongest / unit) {
    return std::nullopt;
  }
  return *count * unit;
}

// The options behind the name.
bool take_options(TokenOptions& options, Arguments arguments) {
  for (; arguments.size() >= 2; arguments = arguments.subspan(2)) {
    if (arguments[0] == "--scope") {
      const auto scopes = parse_scopes(arguments[1]);
      if (!scopes) return false;
      options.scopes = *scopes;
    } else if (arguments[0] == "--expires") {
      options.life = parse_life(arguments[1]);
      if (!options.life) return false;
    } else {
      return false;
    }
  }
  return arguments.empty() && !options.scopes.empty();
}

int create(TokenStore& tokens, const TokenOptions& options) {
  const std::string token = make_token();
  const bool added = tokens.add({.id = std::string(token_id(token).value()),
                                 .name = options.name,
                                 .sha256 = sha256(token),
                                 .scopes = options.scopes,
                                 .life = options.life});
  if (!added) {
    std::cerr << "photodrop: There is a token \"" << options.name
              << "\" already: revoke it or choose another name.\n";
    return EXIT_FAILURE;
  }
  std::cout << token << std::endl;
  std::cerr << "Keep it now: it is not shown again.\n";
  return EXIT_SUCCESS;
}

// The name comes last, for it alone may have any width.
int list(TokenStore& tokens) {
  std::cout << "ID            SCOPES              CREATED               EXPIRES"
               "               NAME\n";
  for (const Token& token : tokens.list()) {
    std::cout << std::left << token.id << "  " << std::setw(20) << list_of(token.scopes)
              << token.created_at << "  " << std::setw(22) << token.expires_at.value_or("never")
              << token.name << "\n";
  }
  return EXIT_SUCCESS;
}

int revoke(TokenStore& tokens, const std::string& name) {
  if (tokens.revoke(name)) return EXIT_SUCCESS;
  std::cerr << "photodrop: There is no token \"" << name << "\".\n";
  return EXIT_FAILURE;
}

}  // namespace

std::optional<TokenOptions> parse_token_options(Arguments arguments) {
  if (arguments.size() == 1 && arguments[0] == "list") return TokenOptions{};
  if (arguments.size() < 2 || !is_token_name(arguments[1])) return std::nullopt;
  TokenOptions options{.action = Action::revoke, .name = std::string(arguments[1])};
  if (arguments[0] == "revoke" && arguments.size() == 2) return options;
  options.action = Action::create;
  if (arguments[0] != "create" || !take_options(options, arguments.subspan(2))) {
    return std::nullopt;
  }
  return options;
}

int run_token(TokenStore& tokens, const TokenOptions& options) {
  switch (options.action) {
    case Action::create:
      return create(tokens, options);
    case Action::list:
      return list(tokens);
    case Action::revoke:
      return revoke(tokens, options.name);
  }
  return EXIT_FAILURE;
}

}  // namespace photodrop
