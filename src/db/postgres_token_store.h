// The tokens in PostgreSQL, in the table photodrop_tokens.
#pragma once

#include "access/token_store.h"
#include "db/session.h"

namespace photodrop {

// Times are the database's.
class PostgresTokenStore : public TokenStore {
 public:
  // The session must outlive the store.
  explicit PostgresTokenStore(Session& session) : session_(session) {}

  bool add(const NewToken& token) override;
  std::optional<Token> find(std::string_view id) override;
  std::vector<Token> list() override;
  bool revoke(std::string_view name) override;

 private:
  Session& session_;
};

}  // namespace photodrop
