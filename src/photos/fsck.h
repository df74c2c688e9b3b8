// Compares the bucket with the ledger, both ways, by walking the two side by side in the order
// of the keys: in memory that does not grow with either, while uploads and deletions go on.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "photos/object_store.h"
#include "photos/photo_index.h"

namespace photodrop {

struct FsckOptions {
  bool fix = false;  // deletes orphans, unless the ledger is empty, and forgets thumbnails
                     // without objects; changes nothing else
  std::int64_t sample = 0;  // so many photos are read again, and their bytes compared
};

struct FsckReport {
  std::int64_t objects = 0;     // in the bucket
  std::int64_t rows = 0;        // in the ledger
  std::int64_t foreign = 0;     // objects whose keys are not of our form: left alone
  std::int64_t young = 0;       // objects without a row, too new to judge
  std::int64_t orphans = 0;     // objects without a row
  std::int64_t fixed = 0;       // orphans deleted, and thumbnails forgotten
  std::int64_t missing = 0;     // stored photos without their object
  std::int64_t damaged = 0;     // stored photos whose object has another size or hash
  std::int64_t sampled = 0;     // photos read again
  std::int64_t thumbnails = 0;  // that are recorded, without their objects
};

struct Finding {
  enum class Kind { orphan, missing, damaged, thumbnail };

  Kind kind;
  std::string key;
  std::int64_t id;  // of the row; 0 for an orphan
};

class Fsck {
 public:
  // Whoever watches is told of each finding as it comes, and of the numbers so far now and
  // then.
  struct Watcher {
    std::function<void(const Finding&)> found;
    std::function<void(const FsckReport&)> progress;
  };

  // Both stores must outlive the check.
  Fsck(ObjectStore& objects, PhotoIndex& index, Watcher watcher)
      : objects_(objects), index_(index), watcher_(std::move(watcher)) {}

  // Throws Error{storage_unavailable, database_unavailable}: a check that was not finished says
  // nothing.
  FsckReport run(const FsckOptions& options);

 private:
  void walk();
  void check_row(const IndexedPhoto& row);
  bool has_row(std::string_view key);
  void check_object(const StoredObject& object);
  void check_pair(const IndexedPhoto& row, const StoredObject& object);
  void expect_thumbnails(const IndexedPhoto& row);
  void note_thumbnail(std::string_view key);
  void check_thumbnails();
  void check_sample();
  void report(Finding::Kind kind, const std::string& key, std::int64_t id);

  ObjectStore& objects_;
  PhotoIndex& index_;
  Watcher watcher_;
  FsckOptions options_;
  FsckReport report_;
  LedgerTime oldest_young_;  // what was modified later is young
  IndexedPhoto shown_{};  // whose object came last, and its thumbnails that have not come yet
};

}  // namespace photodrop
