#include "db/postgres_photo_store.h"

#include <utility>

#include "base/crash_point.h"
#include "base/text.h"
#include "base/time.h"

namespace photodrop {
namespace {

// A page is read in stretches of this many rows, each by its own statement, so that its size
// costs no memory and no transaction stays open while a client reads slowly.
constexpr std::int64_t kRowsAtOnce = 1000;

// Points in time as microseconds since 1970: to_char takes PostgreSQL longer than all the rest.
const std::string kColumns =
    "id, photo_name, filename, content_type, size, width, height, encode(sha256, 'hex'),"
    " (1000000 * date_part('epoch', created_at))::bigint";

// What a photo adds to the fingerprint of its page: 48 bits, so that the sum of a page that is
// read does not run over.
const std::string kFingerprint = "hashtextextended(photo_name, id) >> 16";

std::string_view view(const pqxx::field& field) {
  return {field.c_str(), field.size()};
}

std::optional<std::string> maybe_text(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return std::string(view(field));
}

// Of an integer column; none when that is NULL.
std::optional<std::int64_t> maybe_number(const pqxx::field& field) {
  return parse_integer(view(field));
}

std::optional<std::string> maybe_time(const pqxx::field& field) {
  const auto number = maybe_number(field);
  if (!number) return std::nullopt;
  const std::chrono::sys_time<std::chrono::microseconds> time{
      std::chrono::microseconds(*number)};
  return rfc3339(std::chrono::floor<std::chrono::milliseconds>(time));
}

Photo photo_from(const pqxx::row& row) {
  return {.id = row[0].as<std::int64_t>(),
          .key = row[1].as<std::string>(),
          .filename = maybe_text(row[2]),
          .content_type = maybe_text(row[3]),
          .size = maybe_number(row[4]),
          .width = maybe_number(row[5]),
          .height = maybe_number(row[6]),
          .sha256 = maybe_text(row[7]),
          .created_at = maybe_time(row[8])};
}

// How SQL spells an order: what lies behind an id and what before it, how to sort that, and ids
// that lie before and behind all others.
struct Direction {
  std::string behind;
  std::string up_to;
  std::string sort;
  std::int64_t start;
  std::int64_t end;
};

Direction direction_of(Order order) {
  if (order == Order::ascending) return {">", "<=", "ASC", -1, INT64_MAX};
  return {"<", ">=", "DESC", INT64_MAX, INT64_MIN};
}

// The rows from behind $1 up to $2, at most $3. For a range with an end PostgreSQL takes
// the plan that it keeps, up to some millions of rows; for one without, it plans each time.
std::string select_rows(const std::string& columns, Order order) {
  const Direction direction = direction_of(order);
  return "SELECT " + columns + " FROM photos WHERE state = 'stored' AND id " +
         direction.behind + " $1 AND id " + direction.up_to + " $2 ORDER BY id " +
         direction.sort + " LIMIT $3";
}

// All that lies behind where the page begins.
PageRange all_behind(const Page& page) {
  return {.after = page.after, .last = direction_of(page.order).end, .order = page.order};
}

std::optional<Photo> maybe_photo(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return photo_from(rows[0]);
}

// A key that has served its time, or whose upload has outlived its lease, is let go. That
// upload must not end well any more, or there would be two photos for one key.
void free_key(pqxx::work& transaction, const std::string& key) {
  query(transaction,
        "UPDATE photos SET idempotency_key = NULL,"
        " state = CASE state WHEN 'pending' THEN 'deleting' ELSE state END"
        " WHERE idempotency_key = $1 AND (created_at < now() - make_interval(secs => $2)"
        " OR (state = 'pending' AND lease_until <= now()))",
        key, std::chrono::seconds(kKeyLife).count());
}

// No row when another one has the key. `send(sql, parameters...)` runs it.
template <class Send>
std::optional<Photo> insert(Send&& send, const NewPhoto& photo, std::chrono::seconds lease) {
  return maybe_photo(
      send("INSERT INTO photos (photo_name, filename, content_type, size, width, height,"
           " sha256, idempotency_key, state, created_at, lease_until)"
           " VALUES ($1, NULLIF($2, ''), $3, $4, $5, $6, decode($7, 'hex'), NULLIF($8, ''),"
           " 'pending', now(), now() + make_interval(secs => $9))"
           " ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING"
           " RETURNING " +
               kColumns,
           photo.key, photo.filename, photo.content_type, photo.size, photo.width, photo.height,
           hex(photo.sha256), photo.idempotency_key, lease.count()));
}

// One that is gone already was given up the moment before: as good as in progress.
Begun found_under_key(pqxx::work& transaction, const NewPhoto& photo) {
  const auto found = query(
      transaction, "SELECT " + kColumns + ", state FROM photos WHERE idempotency_key = $1",
      photo.idempotency_key);
  auto row = maybe_photo(found);
  if (!row) return {Beginning::in_progress, std::nullopt};
  if (row->sha256 != hex(photo.sha256)) return {Beginning::mismatched, std::nullopt};
  const bool stored = found[0]["state"].as<std::string>() == "stored";
  if (!stored) return {Beginning::in_progress, std::nullopt};
  return {Beginning::repeated, std::move(row)};
}

}  // namespace

Begun PostgresPhotoStore::begin(const NewPhoto& photo, std::chrono::seconds lease) {
  try {
    return begin_once(photo, lease);
  } catch (const InDoubt&) {
    // Not repeated: had that COMMIT only been late, two rows would name one object.
    auto row = maybe_photo(session_.read("SELECT " + kColumns +
                                             " FROM photos WHERE photo_name COLLATE \"C\" = $1"
                                             " AND state = 'pending'",
                                         photo.key));
    if (!row) throw;
    return {Beginning::begun, std::move(row)};
  }
}

Begun PostgresPhotoStore::begin_once(const NewPhoto& photo, std::chrono::seconds lease) {
  if (!photo.idempotency_key.empty()) return begin_under_key(photo, lease);
  const auto send = [this](const auto&... statement) { return session_.change(statement...); };
  return {Beginning::begun, insert(send, photo, lease)};
}

Begun PostgresPhotoStore::begin_under_key(const NewPhoto& photo, std::chrono::seconds lease) {
  return session_.transact([&](pqxx::work& transaction) -> Begun {
    free_key(transaction, photo.idempotency_key);
    const auto send = [&](const auto&... statement) {
      return query(transaction, statement...);
    };
    const auto row = insert(send, photo, lease);
    crash_point("begin-uncommitted");
    if (row) return {Beginning::begun, row};
    return found_under_key(transaction, photo);
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
  const auto updated = session_.change(
      "UPDATE photos SET state = 'stored', lease_until = NULL"
      " WHERE id = $1 AND state = 'pending'",
      id);
  return updated.affected_rows() == 1 || find(id);
}

void PostgresPhotoStore::abandon(std::int64_t id) {
  session_.transact([&](pqxx::work& transaction) {
    return query(transaction, "DELETE FROM photos WHERE id = $1 AND state = 'pending'", id);
  });
}

void PostgresPhotoStore::discard(std::int64_t id) {
  session_.transact([&](pqxx::work& transaction) {
    return query(transaction,
                 "UPDATE photos SET state = 'deleting', lease_until = now(),"
                 " idempotency_key = NULL WHERE id = $1 AND state = 'pending'",
                 id);
  });
}

std::optional<Photo> PostgresPhotoStore::find(std::int64_t id) {
  return maybe_photo(session_.read(
      "SELECT " + kColumns + " FROM photos WHERE id = $1 AND state = 'stored'", id));
}

// The last photo of the page comes before the one row too many, which tells that more follow.
std::optional<PageRange> PostgresPhotoStore::locate(const Page& page) {
  PageRange range = all_behind(page);
  const auto found = read_rows(
      "SELECT count(*), (array_agg(id))[least(count(*), $3 - 1)], sum(" + kFingerprint +
          ") FROM (" + select_rows("id, photo_name", page.order) + ") AS page",
      range, page.limit + 1);
  const auto count = found[0][0].as<std::int64_t>();
  if (count == 0) return std::nullopt;
  range.last = found[0][1].as<std::int64_t>();
  range.more = count > page.limit;
  range.fingerprint = found[0][2].as<std::string>();
  return range;
}

void PostgresPhotoStore::each(const PageRange& range, const Visit& visit) {
  PageRange rest = range;
  while (rest.after != rest.last) {
    const pqxx::result rows = read_rows(select_rows(kColumns, rest.order), rest, kRowsAtOnce);
    for (pqxx::result::size_type i = 0; i < rows.size(); ++i) visit(photo_from(rows[i]));
    if (static_cast<std::int64_t>(rows.size()) < kRowsAtOnce) return;
    rest.after = rows[rows.size() - 1][0].as<std::int64_t>();
  }
}

std::optional<PageRange> PostgresPhotoStore::read(const Page& page, const Visit& visit) {
  PageRange range = all_behind(page);
  const pqxx::result rows =
      read_rows(select_rows(kColumns + ", " + kFingerprint, page.order), range, page.limit + 1);
  if (rows.empty()) return std::nullopt;
  std::int64_t fingerprint = 0;
  for (pqxx::result::size_type i = 0; i < rows.size(); ++i) {
    fingerprint += rows[i].back().as<std::int64_t>();
    range.more = static_cast<std::int64_t>(i) == page.limit;
    if (range.more) break;
    const Photo photo = photo_from(rows[i]);
    range.last = photo.id;
    visit(photo);
  }
  range.fingerprint = std::to_string(fingerprint);
  return range;
}

pqxx::result PostgresPhotoStore::read_rows(const std::string& sql, const PageRange& range,
                                           std::int64_t most) {
  return session_.read(sql, range.after.value_or(direction_of(range.order).start), range.last,
                       most);
}

}  // namespace photodrop
