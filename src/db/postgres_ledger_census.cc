#include "db/postgres_ledger_census.h"

#include <string>

#include "db/migrations.h"

namespace photodrop {

// The index photos_unsettled holds these rows and no other. A lost clock race with the row's
// own transaction must not make an age negative.
Census PostgresLedgerCensus::census() {
  return session_.transact([](pqxx::work& transaction) {
    const auto rows = query(transaction,
                            "SELECT count(*) FILTER (WHERE state = 'pending'),"
                            " count(*) FILTER (WHERE state = 'deleting'),"
                            " count(*) FILTER (WHERE state = 'tombstone'),"
                            " count(*) FILTER (WHERE lease_until <= now()),"
                            " (1000000 * greatest(0, coalesce(extract(epoch FROM now() -"
                            " min(created_at) FILTER (WHERE state = 'pending')), 0)))::bigint"
                            " FROM photos WHERE state <> 'stored'");
    return Census{.pending = rows[0][0].as<std::int64_t>(),
                  .deleting = rows[0][1].as<std::int64_t>(),
                  .tombstones = rows[0][2].as<std::int64_t>(),
                  .due = rows[0][3].as<std::int64_t>(),
                  .oldest_pending = std::chrono::microseconds(rows[0][4].as<std::int64_t>())};
  });
}

// They are applied in their order, so that the last stands for all. A table that is locked does
// not answer either.
void PostgresLedgerCensus::check() {
  const std::string last(migrations().back().name);
  if (session_
          .probe("SELECT 1 FROM photodrop_migrations WHERE name = $1"
                 " AND (SELECT count(*) FROM (SELECT FROM photos LIMIT 1) AS one) >= 0",
                 last)
          .empty()) {
    throw database_error("the migration " + last + " was not applied");
  }
}

}  // namespace photodrop
