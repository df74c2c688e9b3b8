#include "support/fake_token_store.h"

#include "base/error.h"
#include "base/time.h"

namespace photodrop::testing {

bool FakeTokenStore::add(const NewToken& token) {
  fail_if_told();
  Row row{.token = {.id = token.id,
                    .name = token.name,
                    .sha256 = hex(token.sha256),
                    .scopes = token.scopes,
                    .created_at = rfc3339(time),
                    .expires_at = std::nullopt},
          .end = std::nullopt};
  if (token.life) {
    row.end = time + *token.life;
    row.token.expires_at = rfc3339(*row.end);
  }
  return rows_.emplace(token.name, row).second;
}

std::optional<Token> FakeTokenStore::find(std::string_view id) {
  ++finds;
  fail_if_told();
  for (const auto& [name, row] : rows_) {
    if (row.token.id == id && (!row.end || *row.end > time)) return row.token;
  }
  return std::nullopt;
}

std::vector<Token> FakeTokenStore::list() {
  fail_if_told();
  std::vector<Token> tokens;
  for (const auto& [name, row] : rows_) tokens.push_back(row.token);
  return tokens;
}

bool FakeTokenStore::revoke(std::string_view name) {
  fail_if_told();
  const auto found = rows_.find(name);
  if (found == rows_.end()) return false;
  rows_.erase(found);
  return true;
}

void FakeTokenStore::fail_if_told() const {
  if (!fails) return;
  throw Error(Fault::database_unavailable, "The fake store does not answer.", "switched off");
}

}  // namespace photodrop::testing
