#include "db/postgres_photo_store.h"

#include <algorithm>

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

// The two ends of the list: what to compare with, how to sort, where a list without `after`
// starts.
struct Direction {
  std::string comparison;
  std::string sort;
  std::int64_t start;
};

Direction direction_of(Order order) {
  if (order == Order::ascending) return {">", "ASC", -1};
  return {"<", "DESC", INT64_MAX};
}

std::string stored_after(const Direction& direction) {
  return " FROM photos WHERE state = 'stored' AND id " + direction.comparison +
         " $1 ORDER BY id " + direction.sort;
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

std::optional<std::int64_t> PostgresPhotoStore::next_after(const Page& page) {
  const Direction direction = direction_of(page.order);
  const auto ids = session_.transact([&](pqxx::work& transaction) {
    return query(transaction, "SELECT id" + stored_after(direction) + " OFFSET $2 LIMIT 2",
                 page.after.value_or(direction.start), page.limit - 1);
  });
  if (ids.size() < 2) return std::nullopt;
  return ids[0][0].as<std::int64_t>();
}

void PostgresPhotoStore::each(const Page& page,
                              const std::function<void(const Photo&)>& visit) {
  Page rest = page;
  while (rest.limit > 0) {
    const pqxx::result stretch = rows(rest);
    for (pqxx::result::size_type i = 0; i < stretch.size(); ++i) visit(photo_from(stretch[i]));
    if (static_cast<std::int64_t>(stretch.size()) < std::min(rest.limit, kRowsAtOnce)) return;
    rest.limit -= static_cast<std::int64_t>(stretch.size());
    rest.after = stretch[stretch.size() - 1][0].as<std::int64_t>();
  }
}

pqxx::result PostgresPhotoStore::rows(const Page& page) {
  const Direction direction = direction_of(page.order);
  return session_.transact([&](pqxx::work& transaction) {
    return query(transaction, "SELECT " + kColumns + stored_after(direction) + " LIMIT $2",
                 page.after.value_or(direction.start), std::min(page.limit, kRowsAtOnce));
  });
}

}  // namespace photodrop
