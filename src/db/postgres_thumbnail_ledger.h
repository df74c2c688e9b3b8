// Which thumbnails there are, in PostgreSQL.
#pragma once

#include "db/session.h"
#include "photos/thumbnail_ledger.h"

namespace photodrop {

class PostgresThumbnailLedger : public ThumbnailLedger {
 public:
  // The session must outlive the ledger.
  explicit PostgresThumbnailLedger(Session& session) : session_(session) {}

  std::optional<KnownThumbnail> find(const ThumbnailId& id) override;
  std::optional<KnownThumbnail> claim(const ThumbnailId& id,
                                      std::chrono::seconds lease) override;
  bool finish(const ThumbnailId& id) override;
  void give_up(const ThumbnailId& id, std::chrono::seconds rest) override;

 private:
  bool finish_once(const ThumbnailId& id);

  Session& session_;
};

}  // namespace photodrop
