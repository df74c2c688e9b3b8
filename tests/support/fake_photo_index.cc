// The part of the fake ledger that fsck reads.
#include <algorithm>

#include "support/fake_photo_store.h"

namespace photodrop::testing {
namespace {

IndexedPhoto indexed(const FakePhotoStore::Row& row) {
  IndexedPhoto photo{.id = row.photo.id,
                     .key = row.photo.key,
                     .is_stored = row.state == FakePhotoStore::State::stored,
                     .size = row.photo.size,
                     .sha256 = row.photo.sha256};
  for (const auto& [box, known] : row.thumbnails) {
    if (known.state == ThumbnailState::stored) photo.thumbnails.push_back(box);
  }
  return photo;
}

bool by_key(const IndexedPhoto& a, const IndexedPhoto& b) {
  return a.key < b.key;
}

}  // namespace

std::vector<IndexedPhoto> FakePhotoStore::rows_after(std::string_view after,
                                                     std::int64_t limit) {
  std::vector<IndexedPhoto> page;
  for (const auto& [id, row] : rows) {
    if (row.photo.key > after) page.push_back(indexed(row));
  }
  std::sort(page.begin(), page.end(), by_key);
  if (page.size() > static_cast<std::size_t>(limit)) {
    page.resize(static_cast<std::size_t>(limit));
  }
  return page;
}

std::optional<IndexedPhoto> FakePhotoStore::find_key(std::string_view key) {
  for (const auto& [id, row] : rows) {
    if (row.photo.key == key) return indexed(row);
  }
  return std::nullopt;
}

void FakePhotoStore::forget_thumbnail(std::int64_t photo, int box) {
  ThumbnailRow& known = rows.at(photo).thumbnails.at(box);
  if (known.state == ThumbnailState::stored) known = {ThumbnailState::failed, time};
}

// The first ones: chance has no place in a test.
std::vector<IndexedPhoto> FakePhotoStore::sample(std::int64_t count) {
  std::vector<IndexedPhoto> picked;
  for (const auto& [id, row] : rows) {
    if (row.state != State::stored || static_cast<std::int64_t>(picked.size()) == count)
      continue;
    picked.push_back(indexed(row));
  }
  return picked;
}

}  // namespace photodrop::testing
