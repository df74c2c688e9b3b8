#include "db/migrations.h"

#include <algorithm>

#include "db/session.h"

namespace photodrop {
namespace {

// One number for this program's migrations, known to nobody else in the database.
constexpr std::int64_t kAdvisoryLock = 0x70686f746f;

// Growing a large table takes longer than a request may, and another host as long as that.
void prepare(pqxx::work& transaction) {
  transaction.exec("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
  query(transaction, "SELECT pg_advisory_xact_lock($1)", kAdvisoryLock);
  transaction.exec("SET LOCAL lock_timeout = '60s'");
  transaction.exec(
      "CREATE TABLE IF NOT EXISTS photodrop_migrations"
      " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
}

bool is_applied(pqxx::work& transaction, const std::string& name) {
  return !query(transaction, "SELECT 1 FROM photodrop_migrations WHERE name = $1", name)
              .empty();
}

// Takes no lock: a host with nothing to do need not wait for one that has.
bool was_applied(pqxx::work& transaction, const std::string& name) {
  const auto table = transaction.exec("SELECT to_regclass('photodrop_migrations')");
  return !table[0][0].is_null() && is_applied(transaction, name);
}

// True when it was applied now, false when the database had it.
bool apply(Session& session, const Migration& migration) {
  const std::string name(migration.name);
  return session.transact([&](pqxx::work& transaction) {
    if (was_applied(transaction, name)) return false;
    prepare(transaction);
    if (is_applied(transaction, name)) return false;
    transaction.exec(std::string(migration.sql));
    query(transaction, "INSERT INTO photodrop_migrations (name) VALUES ($1)", name);
    return true;
  });
}

}  // namespace

std::vector<std::string> migrate(const std::string& database_url) {
  Session session(database_url, nullptr, {.work = std::nullopt});
  std::vector<std::string> applied;
  for (const Migration& migration : migrations()) {
    if (apply(session, migration)) applied.emplace_back(migration.name);
  }
  return applied;
}

}  // namespace photodrop
