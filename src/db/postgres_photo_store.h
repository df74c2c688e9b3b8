// The ledger in PostgreSQL.
#pragma once

#include <string>

#include "db/session.h"
#include "photos/photo_store.h"

namespace photodrop {

// Connects on first use, so that a service starts and answers 503 while the database is down.
// Make it after the fork that it is used in. Times are the database's.
class PostgresPhotoStore : public PhotoStore {
 public:
  // `url` as connection_url() makes it.
  explicit PostgresPhotoStore(std::string url) : session_(std::move(url)) {}

  Photo begin(const NewPhoto& photo, std::chrono::seconds lease) override;
  bool finish(std::int64_t id) override;
  void abandon(std::int64_t id) override;
  std::optional<PageRange> locate(const Page& page) override;
  void each(const PageRange& range, const std::function<void(const Photo&)>& visit) override;

 private:
  bool finish_once(std::int64_t id);
  pqxx::result next_rows(const PageRange& range);

  Session session_;
};

}  // namespace photodrop
