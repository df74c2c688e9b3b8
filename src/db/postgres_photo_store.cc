#include "db/postgres_photo_store.h"

namespace photodrop {
namespace {

// A page is read in stretches of this many rows, each by its own statement, so that its size
// costs no memory and no transaction stays open while a client reads slowly.
constexpr std::int64_t kRowsAtOnce = 200;

const std::string kColumns =
    "id, photo_name, filename, content_type, size, width, height, encode(sha256, 'hex'),"
    " to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

template <class T>
std::optional<T> maybe(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<T>();
}

Photo photo_from(const pqxx::row& row) {
  return {.id = row[0].as<std::int64_t>(),
          .key = row[1].as<std::string>(),
          .filename = maybe<std::string>(row[2]),
          .content_type = maybe<std::string>(row[3]),
          .size = maybe<std::int64_t>(row[4]),
          .width = maybe<std::int64_t>(row[5]),
          .height = maybe<std::int64_t>(row[6]),
          .sha256 = maybe<std::string>(row[7]),
          .created_at = maybe<std::string>(row[8])};
}

// How SQL spells an order: what lies behind an id and what before it, how to sort that and how
// to turn it round, and an id that lies before all others.
struct Direction {
  std::string behind;
  std::string up_to;
  std::string sort;
  std::string reversed;
  std::int64_t start;
};

Direction direction_of(Order order) {
  if (order == Order::ascending) return {">", "<=", "ASC", "DESC", -1};
  return {"<", ">=", "DESC", "ASC", INT64_MAX};
}

}  // namespace

Photo PostgresPhotoStore::begin(const NewPhoto& photo, std::chrono::seconds lease) {
  static const std::string kInsert =
      "INSERT INTO photos (photo_name, filename, content_type, size, width, height, sha256,"
      " state, created_at, lease_until) VALUES ($1, NULLIF($2, ''), $3, $4, $5, $6,"
      " decode($7, 'hex'), 'pending', now(), now() + make_interval(secs => $8))"
      " RETURNING " +
      kColumns;
  return session_.transact([&](pqxx::work& transaction) {
    const auto inserted =
        query(transaction, kInsert, photo.key, photo.filename, photo.content_type, photo.size,
              photo.width, photo.height, hex(photo.sha256), lease.count());
    return photo_from(inserted[0]);
  });
}

bool PostgresPhotoStore::finish(std::int64_t id) {
  try {
    return finish_once(id);
  } catch (const InDoubt&) {
    // Whether that COMMIT took effect, the row itself will say.
    return finish_once(id);
  }
}

bool PostgresPhotoStore::finish_once(std::int64_t id) {
  return session_.transact([&](pqxx::work& transaction) {
    const auto updated = query(transaction,
                               "UPDATE photos SET state = 'stored', lease_until = NULL"
                               " WHERE id = $1 AND state = 'pending'",
                               id);
    if (updated.affected_rows() == 1) return true;
    return !query(transaction, "SELECT 1 FROM photos WHERE id = $1 AND state = 'stored'", id)
                .empty();
  });
}

void PostgresPhotoStore::abandon(std::int64_t id) {
  session_.transact([&](pqxx::work& transaction) {
    return query(transaction, "DELETE FROM photos WHERE id = $1 AND state = 'pending'", id);
  });
}

// Counts one photo more than the page may have, then looks at the last two: the second is the
// page's own when the first is one too many.
std::optional<PageRange> PostgresPhotoStore::locate(const Page& page) {
  const Direction direction = direction_of(page.order);
  const auto last_two = session_.transact([&](pqxx::work& transaction) {
    return query(
        transaction,
        "SELECT id, count(*) OVER () FROM (SELECT id FROM photos WHERE state = 'stored'"
        " AND id " +
            direction.behind + " $1 ORDER BY id " + direction.sort +
            " LIMIT $2) AS page ORDER BY id " + direction.reversed + " LIMIT 2",
        page.after.value_or(direction.start), page.limit + 1);
  });
  if (last_two.empty()) return std::nullopt;
  const bool more = last_two[0][1].as<std::int64_t>() > page.limit;
  return PageRange{.after = page.after,
                   .last = last_two[more ? 1 : 0][0].as<std::int64_t>(),
                   .order = page.order,
                   .more = more};
}

void PostgresPhotoStore::each(const PageRange& range,
                              const std::function<void(const Photo&)>& visit) {
  PageRange rest = range;
  while (rest.after != rest.last) {
    const pqxx::result rows = next_rows(rest);
    for (pqxx::result::size_type i = 0; i < rows.size(); ++i) visit(photo_from(rows[i]));
    if (static_cast<std::int64_t>(rows.size()) < kRowsAtOnce) return;
    rest.after = rows[rows.size() - 1][0].as<std::int64_t>();
  }
}

pqxx::result PostgresPhotoStore::next_rows(const PageRange& range) {
  const Direction direction = direction_of(range.order);
  return session_.transact([&](pqxx::work& transaction) {
    return query(transaction,
                 "SELECT " + kColumns + " FROM photos WHERE state = 'stored' AND id " +
                     direction.behind + " $1 AND id " + direction.up_to + " $2 ORDER BY id " +
                     direction.sort + " LIMIT $3",
                 range.after.value_or(direction.start), range.last, kRowsAtOnce);
  });
}

}  // namespace photodrop
