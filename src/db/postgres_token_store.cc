#include "db/postgres_token_store.h"

namespace photodrop {
namespace {

std::string utc(const std::string& column) {
  return "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
}

const std::string kSelect =
    "SELECT id, name, encode(sha256, 'hex'), array_to_string(scopes, ','), " +
    utc("created_at") + ", " + utc("expires_at") + " FROM photodrop_tokens ";

// A scope that this program does not know, the table does not take.
Token token_from(const pqxx::row& row) {
  Token token{.id = row[0].as<std::string>(),
              .name = row[1].as<std::string>(),
              .sha256 = row[2].as<std::string>(),
              .scopes = parse_scopes(row[3].as<std::string>()).value(),
              .created_at = row[4].as<std::string>(),
              .expires_at = std::nullopt};
  if (!row[5].is_null()) token.expires_at = row[5].as<std::string>();
  return token;
}

}  // namespace

bool PostgresTokenStore::add(const NewToken& token) {
  return session_.transact([&](pqxx::work& transaction) {
    const auto added =
        query(transaction,
              "INSERT INTO photodrop_tokens (id, name, sha256, scopes, expires_at)"
              " VALUES ($1, $2, decode($3, 'hex'), string_to_array($4, ','),"
              " now() + make_interval(secs => NULLIF($5, 0)))"
              " ON CONFLICT (name) DO NOTHING",
              token.id, token.name, hex(token.sha256), list_of(token.scopes),
              token.life.value_or(std::chrono::seconds(0)).count());
    return added.affected_rows() == 1;
  });
}

std::optional<Token> PostgresTokenStore::find(std::string_view id) {
  const auto rows =
      session_.read(kSelect + "WHERE id = $1 AND (expires_at IS NULL OR expires_at > now())",
                    std::string(id));
  if (rows.empty()) return std::nullopt;
  return token_from(rows[0]);
}

std::vector<Token> PostgresTokenStore::list() {
  return session_.transact([](pqxx::work& transaction) {
    std::vector<Token> tokens;
    for (const auto& row : query(transaction, kSelect + "ORDER BY name COLLATE \"C\"")) {
      tokens.push_back(token_from(row));
    }
    return tokens;
  });
}

bool PostgresTokenStore::revoke(std::string_view name) {
  return session_.transact([&](pqxx::work& transaction) {
    return query(transaction, "DELETE FROM photodrop_tokens WHERE name = $1", std::string(name))
               .affected_rows() == 1;
  });
}

}  // namespace photodrop
