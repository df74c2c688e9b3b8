// The ledger in PostgreSQL.
#pragma once

#include "db/session.h"
#include "photos/photo_store.h"

namespace photodrop {

// Connects on first use, so that a service starts and answers 503 while the database is down.
// Times are the database's.
class PostgresPhotoStore : public PhotoStore {
 public:
  // The session must outlive the store.
  explicit PostgresPhotoStore(Session& session) : session_(session) {}

  Begun begin(const NewPhoto& photo, std::chrono::seconds lease) override;
  bool finish(std::int64_t id) override;
  void abandon(std::int64_t id) override;
  void discard(std::int64_t id) override;
  std::optional<Photo> find(std::int64_t id) override;
  std::optional<PageRange> locate(const Page& page) override;
  void each(const PageRange& range, const Visit& visit) override;
  std::optional<PageRange> read(const Page& page, const Visit& visit) override;

 private:
  Begun begin_once(const NewPhoto& photo, std::chrono::seconds lease);
  Begun begin_under_key(const NewPhoto& photo, std::chrono::seconds lease);
  bool finish_once(std::int64_t id);
  // By a statement around select_rows().
  pqxx::result read_rows(const std::string& sql, const PageRange& range, std::int64_t most);

  Session& session_;
};

}  // namespace photodrop
