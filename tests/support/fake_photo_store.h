// A ledger in memory that can be told to fail as a database does. It keeps the contract
// (support/photo_store_contract.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "photos/cleanup_queue.h"
#include "photos/ledger_census.h"
#include "photos/photo_index.h"
#include "photos/photo_store.h"
#include "photos/thumbnail_ledger.h"

namespace photodrop::testing {

class FakePhotoStore : public PhotoStore,
                       public CleanupQueue,
                       public PhotoIndex,
                       public LedgerCensus,
                       public ThumbnailLedger {
 public:
  enum class State { pending, stored, deleting, tombstone };

  struct ThumbnailRow {
    ThumbnailState state;
    LedgerTime due;
  };

  struct Row {
    Photo photo;
    State state;
    std::chrono::seconds lease = {};
    LedgerTime due = {};
    std::string idempotency_key = {};
    LedgerTime created = {};
    std::map<int, ThumbnailRow> thumbnails = {};  // by their boxes
  };

  // How a call throws database_unavailable: before it changed anything, or after, as when the
  // answer to COMMIT is lost.
  enum class Failure { none, before_commit, after_commit };

  Begun begin(const NewPhoto& photo, std::chrono::seconds lease) override;
  bool finish(std::int64_t id) override;
  void abandon(std::int64_t id) override;
  void discard(std::int64_t id) override;
  std::optional<Photo> find(std::int64_t id) override;
  std::optional<PageRange> locate(const Page& page) override;
  void each(const PageRange& range, const Visit& visit) override;
  std::optional<PageRange> read(const Page& page, const Visit& visit) override;

  // The clock stands until a test moves it on.
  LedgerTime now() override;
  std::optional<Doomed> take(std::int64_t id, std::chrono::seconds lease) override;
  std::optional<Doomed> take_due(LedgerTime before, std::chrono::seconds lease) override;
  void bury(const Doomed& doomed, std::chrono::seconds rest) override;
  void put_back(const Doomed& doomed) override;
  std::int64_t forget_keys(std::chrono::seconds age) override;

  std::vector<IndexedPhoto> rows_after(std::string_view after, std::int64_t limit) override;
  std::optional<IndexedPhoto> find_key(std::string_view key) override;
  void forget_thumbnail(std::int64_t photo, int box) override;
  std::vector<IndexedPhoto> sample(std::int64_t count) override;

  Census census() override;
  void check() override;

  std::optional<KnownThumbnail> find(const ThumbnailId& id) override;
  std::optional<KnownThumbnail> claim(const ThumbnailId& id,
                                      std::chrono::seconds lease) override;
  bool finish(const ThumbnailId& id) override;
  void give_up(const ThumbnailId& id, std::chrono::seconds rest) override;

  // Adds a stored photo of which no more than the key is known, as the lesson's app left it.
  std::int64_t insert_as_lesson(const std::string& key);

  // The switches. Each stays as it is set.
  Failure begin_failure = Failure::none;
  Failure finish_failure = Failure::none;
  Failure abandon_failure = Failure::none;
  Failure take_failure = Failure::none;
  Failure bury_failure = Failure::none;
  bool locate_fails = false;                    // and find() and read()
  bool census_fails = false;                    // and check()
  std::optional<std::size_t> each_fails_after;  // that many photos were visited

  LedgerTime time{std::chrono::sys_days(std::chrono::days(19'000))};
  std::map<std::int64_t, Row> rows;  // by id

 private:
  Begun under_key(const NewPhoto& photo);
  Doomed take_row(Row& row, std::chrono::seconds lease);

  // The stored photos behind an id, in order.
  std::vector<Photo> stored_after(std::optional<std::int64_t> after, Order order) const;

  std::int64_t last_id_ = 0;
};

}  // namespace photodrop::testing
