#include "db/postgres_thumbnail_ledger.h"

namespace photodrop {
namespace {

// Whoever inserts the row, or finds it past its lease, has the claim.
bool take(pqxx::work& transaction, const ThumbnailId& id, std::chrono::seconds lease) {
  const auto taken = query(transaction,
                           "INSERT INTO photodrop_thumbnails AS known"
                           " VALUES ($1, $2, 'pending', now() + make_interval(secs => $3))"
                           " ON CONFLICT (photo, box) DO UPDATE"
                           " SET state = 'pending', lease_until = excluded.lease_until"
                           " WHERE known.state <> 'stored' AND known.lease_until <= now()"
                           " RETURNING 1",
                           id.photo, id.box, lease.count());
  return !taken.empty();
}

ThumbnailState state_of(const pqxx::row& row) {
  if (row["is_missing"].as<bool>()) return ThumbnailState::missing;
  const auto state = row["state"].as<std::string>();
  if (state == "stored") return ThumbnailState::stored;
  return state == "failed" ? ThumbnailState::failed : ThumbnailState::in_progress;
}

}  // namespace

std::optional<KnownThumbnail> PostgresThumbnailLedger::find(const ThumbnailId& id) {
  const auto rows = session_.read(
      "SELECT photo_name, coalesce(filename, ''), known.state,"
      " coalesce(known.lease_until <= now(), known.state IS NULL) AS is_missing"
      " FROM photos LEFT JOIN photodrop_thumbnails AS known"
      " ON known.photo = photos.id AND known.box = $2"
      " WHERE photos.id = $1 AND photos.state = 'stored'",
      id.photo, id.box);
  if (rows.empty()) return std::nullopt;
  return KnownThumbnail{.key = rows[0][0].as<std::string>(),
                        .filename = rows[0][1].as<std::string>(),
                        .state = state_of(rows[0])};
}

// What changes after find(), take() and finish() notice.
std::optional<KnownThumbnail> PostgresThumbnailLedger::claim(const ThumbnailId& id,
                                                             std::chrono::seconds lease) {
  auto known = find(id);
  if (!known || known->state != ThumbnailState::missing) return known;
  const bool is_taken =
      session_.transact([&](pqxx::work& transaction) { return take(transaction, id, lease); });
  known->state = is_taken ? ThumbnailState::claimed : ThumbnailState::in_progress;
  return known;
}

bool PostgresThumbnailLedger::finish(const ThumbnailId& id) {
  try {
    return finish_once(id);
  } catch (const InDoubt&) {
    // Whether that COMMIT took effect, the row itself will say.
    return finish_once(id);
  }
}

bool PostgresThumbnailLedger::finish_once(const ThumbnailId& id) {
  const auto updated = session_.change(
      "UPDATE photodrop_thumbnails SET state = 'stored', lease_until = NULL"
      " FROM photos WHERE photo = photos.id AND photo = $1 AND box = $2"
      " AND photos.state = 'stored'",
      id.photo, id.box);
  return updated.affected_rows() == 1;
}

void PostgresThumbnailLedger::give_up(const ThumbnailId& id, std::chrono::seconds rest) {
  session_.transact([&](pqxx::work& transaction) {
    return query(transaction,
                 "UPDATE photodrop_thumbnails SET state = 'failed',"
                 " lease_until = now() + make_interval(secs => $3)"
                 " WHERE photo = $1 AND box = $2 AND state = 'pending'",
                 id.photo, id.box, rest.count());
  });
}

}  // namespace photodrop
