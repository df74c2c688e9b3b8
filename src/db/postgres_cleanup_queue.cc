#include "db/postgres_cleanup_queue.h"

#include "base/crash_point.h"
#include "db/boxes.h"

namespace photodrop {
namespace {

// No statement is to hold many rows for long.
constexpr std::int64_t kKeysAtOnce = 1000;

Remains remains_of(const std::string& state) {
  if (state == "pending") return Remains::upload;
  return state == "tombstone" ? Remains::tombstone : Remains::photo;
}

// Of the photo that is taken, as a list with commas.
const std::string kBoxes =
    "(SELECT string_agg(box::text, ',' ORDER BY box) FROM photodrop_thumbnails"
    " WHERE photo = photos.id)";

// Rows of id, photo_name, the state before, and kBoxes.
std::optional<Doomed> maybe_doomed(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return Doomed{.id = rows[0][0].as<std::int64_t>(),
                .key = rows[0][1].as<std::string>(),
                .was = remains_of(rows[0][2].as<std::string>()),
                .thumbnails = boxes_from(rows[0][3])};
}

}  // namespace

LedgerTime PostgresCleanupQueue::now() {
  return session_.transact([](pqxx::work& transaction) { return ledger_time(transaction); });
}

std::optional<Doomed> PostgresCleanupQueue::take(std::int64_t id, std::chrono::seconds lease) {
  try {
    return take_once(id, lease);
  } catch (const InDoubt&) {
    // Had that COMMIT taken effect, the row is being deleted, and that is all that was asked.
    const auto taken = session_.transact([&](pqxx::work& transaction) {
      return maybe_doomed(query(transaction,
                                "SELECT id, photo_name, state, " + kBoxes +
                                    " FROM photos WHERE id = $1 AND state = 'deleting'",
                                id));
    });
    return taken ? taken : take_once(id, lease);
  }
}

std::optional<Doomed> PostgresCleanupQueue::take_once(std::int64_t id,
                                                      std::chrono::seconds lease) {
  return session_.transact([&](pqxx::work& transaction) {
    return maybe_doomed(query(transaction,
                              "UPDATE photos SET state = 'deleting', idempotency_key = NULL,"
                              " lease_until = now() + make_interval(secs => $2)"
                              " WHERE id = $1 AND state = 'stored'"
                              " RETURNING id, photo_name, state, " +
                                  kBoxes,
                              id, lease.count()));
  });
}

std::optional<Doomed> PostgresCleanupQueue::take_due(LedgerTime time,
                                                     std::chrono::seconds lease) {
  return session_.transact([&](pqxx::work& transaction) {
    return maybe_doomed(
        query(transaction,
              "WITH due AS (SELECT id, state FROM photos WHERE state <> 'stored'"
              " AND lease_until <= to_timestamp(0) + $1 * interval '1 microsecond'"
              " ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED)"
              " UPDATE photos SET idempotency_key = NULL,"
              " state = CASE due.state WHEN 'tombstone' THEN 'tombstone' ELSE 'deleting' END,"
              " lease_until = now() + make_interval(secs => $2)"
              " FROM due WHERE photos.id = due.id"
              " RETURNING photos.id, photos.photo_name, due.state, " +
                  kBoxes,
              time.time_since_epoch().count(), lease.count()));
  });
}

void PostgresCleanupQueue::bury(const Doomed& doomed, std::chrono::seconds rest) {
  session_.transact([&](pqxx::work& transaction) {
    crash_point("bury-uncommitted");
    if (doomed.was == Remains::tombstone) {
      return query(transaction, "DELETE FROM photos WHERE id = $1 AND state = 'tombstone'",
                   doomed.id);
    }
    return query(transaction,
                 "UPDATE photos SET state = 'tombstone', filename = NULL, content_type = NULL,"
                 " size = NULL, width = NULL, height = NULL, sha256 = NULL,"
                 " lease_until = now() + make_interval(secs => $2)"
                 " WHERE id = $1 AND state = 'deleting'",
                 doomed.id, rest.count());
  });
}

void PostgresCleanupQueue::put_back(const Doomed& doomed) {
  const std::string state = doomed.was == Remains::tombstone ? "tombstone" : "deleting";
  session_.transact([&](pqxx::work& transaction) {
    return query(transaction,
                 "UPDATE photos SET lease_until = now() WHERE id = $1 AND state = $2",
                 doomed.id, state);
  });
}

std::int64_t PostgresCleanupQueue::forget_keys(std::chrono::seconds age) {
  return session_.transact([&](pqxx::work& transaction) {
    const auto forgotten = query(transaction,
                                 "UPDATE photos SET idempotency_key = NULL WHERE id IN"
                                 " (SELECT id FROM photos WHERE idempotency_key IS NOT NULL"
                                 " AND created_at < now() - make_interval(secs => $1)"
                                 " ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
                                 age.count(), kKeysAtOnce);
    return static_cast<std::int64_t>(forgotten.affected_rows());
  });
}

}  // namespace photodrop
