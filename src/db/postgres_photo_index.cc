#include "db/postgres_photo_index.h"

#include "db/boxes.h"

namespace photodrop {
namespace {

const std::string kSelect =
    "SELECT id, photo_name, state = 'stored', size, encode(sha256, 'hex'),"
    " (SELECT string_agg(box::text, ',' ORDER BY box) FROM photodrop_thumbnails AS known"
    " WHERE photo = photos.id AND known.state = 'stored') FROM photos ";

IndexedPhoto photo_from(const pqxx::row& row) {
  IndexedPhoto photo{.id = row[0].as<std::int64_t>(),
                     .key = row[1].as<std::string>(),
                     .is_stored = row[2].as<bool>(),
                     .size = std::nullopt,
                     .sha256 = std::nullopt,
                     .thumbnails = boxes_from(row[5])};
  if (!row[3].is_null()) photo.size = row[3].as<std::int64_t>();
  if (!row[4].is_null()) photo.sha256 = row[4].as<std::string>();
  return photo;
}

std::vector<IndexedPhoto> photos_from(const pqxx::result& rows) {
  std::vector<IndexedPhoto> photos;
  for (pqxx::result::size_type i = 0; i < rows.size(); ++i) {
    photos.push_back(photo_from(rows[i]));
  }
  return photos;
}

}  // namespace

LedgerTime PostgresPhotoIndex::now() {
  return session_.transact([](pqxx::work& transaction) { return ledger_time(transaction); });
}

std::vector<IndexedPhoto> PostgresPhotoIndex::rows_after(std::string_view after,
                                                         std::int64_t limit) {
  return session_.transact([&](pqxx::work& transaction) {
    return photos_from(query(transaction,
                             kSelect + "WHERE photo_name COLLATE \"C\" > $1"
                                       " ORDER BY photo_name COLLATE \"C\" LIMIT $2",
                             std::string(after), limit));
  });
}

std::optional<IndexedPhoto> PostgresPhotoIndex::find_key(std::string_view key) {
  return session_.transact([&](pqxx::work& transaction) -> std::optional<IndexedPhoto> {
    const auto rows =
        query(transaction,
              kSelect + "WHERE photo_name COLLATE \"C\" = $1 ORDER BY state = 'stored' DESC",
              std::string(key));
    if (rows.empty()) return std::nullopt;
    return photo_from(rows[0]);
  });
}

void PostgresPhotoIndex::forget_thumbnail(std::int64_t photo, int box) {
  session_.transact([&](pqxx::work& transaction) {
    return query(transaction,
                 "UPDATE photodrop_thumbnails SET state = 'failed', lease_until = now()"
                 " WHERE photo = $1 AND box = $2 AND state = 'stored'",
                 photo, box);
  });
}

// Looking at every row takes longer than a request may.
std::vector<IndexedPhoto> PostgresPhotoIndex::sample(std::int64_t count) {
  return session_.transact([&](pqxx::work& transaction) {
    transaction.exec("SET LOCAL statement_timeout = 0");
    return photos_from(query(
        transaction, kSelect + "WHERE state = 'stored' ORDER BY random() LIMIT $1", count));
  });
}

}  // namespace photodrop
