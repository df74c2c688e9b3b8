// The ledger's rows by their keys, in PostgreSQL.
#pragma once

#include "db/session.h"
#include "photos/photo_index.h"

namespace photodrop {

class PostgresPhotoIndex : public PhotoIndex {
 public:
  // The session must outlive the index.
  explicit PostgresPhotoIndex(Session& session) : session_(session) {}

  LedgerTime now() override;
  std::vector<IndexedPhoto> rows_after(std::string_view after, std::int64_t limit) override;
  std::optional<IndexedPhoto> find_key(std::string_view key) override;
  void forget_thumbnail(std::int64_t photo, int box) override;
  std::vector<IndexedPhoto> sample(std::int64_t count) override;

 private:
  Session& session_;
};

}  // namespace photodrop
