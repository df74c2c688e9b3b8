#include "photos/fsck.h"

#include <optional>
#include <utility>
#include <vector>

#include "photos/names.h"

namespace photodrop {
namespace {

// An upload in progress has its row before its object; this is for clocks that differ.
constexpr std::chrono::hours kAgeGuard{1};

constexpr std::int64_t kRowsAtOnce = 1000;

// One side of the walk, a page in memory at a time. Item has a member `key`.
template <class Item>
class Cursor {
 public:
  using NextPage = std::function<std::vector<Item>(std::string_view after)>;

  explicit Cursor(NextPage next_page) : next_page_(std::move(next_page)) { turn_page(); }

  // nullptr at the end.
  const Item* item() const { return position_ < page_.size() ? &page_[position_] : nullptr; }

  void advance() {
    ++position_;
    if (position_ == page_.size()) turn_page();
  }

 private:
  void turn_page() {
    page_ = next_page_(page_.empty() ? std::string() : page_.back().key);
    position_ = 0;
  }

  NextPage next_page_;
  std::vector<Item> page_;
  std::size_t position_ = 0;
};

// Whether this is the photo's own object, or one of its thumbnails.
bool belongs_to(std::string_view photo_key, std::string_view key) {
  return key == photo_key || photo_key_of_thumbnail(key) == photo_key;
}

}  // namespace

FsckReport Fsck::run(const FsckOptions& options) {
  options_ = options;
  // An empty ledger beside a full bucket is the wrong one, or one that was lost.
  if (index_.rows_after("", 1).empty()) options_.fix = false;
  report_ = {};
  oldest_young_ = index_.now() - kAgeGuard;
  walk();
  check_sample();
  return report_;
}

// The row moves on first when both have one key, so that two rows of one object find it both.
void Fsck::walk() {
  Cursor<IndexedPhoto> rows(
      [this](std::string_view after) { return index_.rows_after(after, kRowsAtOnce); });
  Cursor<StoredObject> objects([this](std::string_view after) {
    watcher_.progress(report_);
    return objects_.list(after);
  });
  std::optional<std::string> matched;
  while (rows.item() != nullptr || objects.item() != nullptr) {
    const IndexedPhoto* const row = rows.item();
    const StoredObject* const object = objects.item();
    if (object == nullptr || (row != nullptr && row->key < object->key)) {
      check_row(*row);
      rows.advance();
    } else if (row == nullptr || object->key < row->key) {
      if (matched && belongs_to(*matched, object->key)) {
        note_thumbnail(object->key);
      } else {
        check_object(*object);
      }
      ++report_.objects;
      objects.advance();
    } else {
      matched = row->key;
      check_pair(*row, *object);
      expect_thumbnails(*row);
      rows.advance();
    }
  }
  check_thumbnails();
  watcher_.progress(report_);
}

// They follow their photo's object.
void Fsck::expect_thumbnails(const IndexedPhoto& row) {
  check_thumbnails();
  if (row.is_stored) shown_ = row;
}

void Fsck::note_thumbnail(std::string_view key) {
  std::erase_if(shown_.thumbnails,
                [&](int box) { return thumbnail_key(shown_.key, box) == key; });
}

// What was not listed is asked for by name, for it may have been made since.
void Fsck::check_thumbnails() {
  for (const int box : shown_.thumbnails) {
    const std::string key = thumbnail_key(shown_.key, box);
    if (objects_.read(key)) continue;
    ++report_.thumbnails;
    report(Finding::Kind::thumbnail, key, shown_.id);
    if (!options_.fix) continue;
    index_.forget_thumbnail(shown_.id, box);
    ++report_.fixed;
  }
  shown_ = {};
}

// No object was listed for the row. It is asked for by name, for it may have come since, as the
// row may have gone.
void Fsck::check_row(const IndexedPhoto& row) {
  ++report_.rows;
  if (!row.is_stored || objects_.read(row.key)) return;
  const auto now = index_.find_key(row.key);
  if (!now || !now->is_stored) return;
  ++report_.missing;
  report(Finding::Kind::missing, row.key, row.id);
}

bool Fsck::has_row(std::string_view key) {
  if (index_.find_key(key)) return true;
  const auto photo_key = photo_key_of_thumbnail(key);
  return photo_key && index_.find_key(*photo_key);
}

void Fsck::check_object(const StoredObject& object) {
  if (!is_photo_key(object.key)) {
    ++report_.foreign;
    return;
  }
  if (has_row(object.key)) return;
  if (object.modified > oldest_young_) {
    ++report_.young;
    return;
  }
  ++report_.orphans;
  report(Finding::Kind::orphan, object.key, 0);
  if (!options_.fix) return;
  objects_.remove(object.key);
  ++report_.fixed;
}

void Fsck::check_pair(const IndexedPhoto& row, const StoredObject& object) {
  ++report_.rows;
  if (!row.is_stored || !row.size || *row.size == object.size) return;
  ++report_.damaged;
  report(Finding::Kind::damaged, row.key, row.id);
}

// Those that are missing, or whose size is wrong, the walk has found.
void Fsck::check_sample() {
  if (options_.sample == 0) return;
  for (const IndexedPhoto& row : index_.sample(options_.sample)) {
    const auto bytes = objects_.read(row.key);
    ++report_.sampled;
    if (bytes && row.sha256 && row.size == static_cast<std::int64_t>(bytes->size()) &&
        hex(sha256(*bytes)) != *row.sha256) {
      ++report_.damaged;
      report(Finding::Kind::damaged, row.key, row.id);
    }
    watcher_.progress(report_);
  }
}

void Fsck::report(Finding::Kind kind, const std::string& key, std::int64_t id) {
  watcher_.found({.kind = kind, .key = key, .id = id});
}

}  // namespace photodrop
