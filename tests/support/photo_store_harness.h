// A PhotoStore under test, and what its interface does not have: the look into the table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "photos/cleanup_queue.h"
#include "photos/ledger_census.h"
#include "photos/photo_index.h"
#include "photos/photo_store.h"
#include "photos/thumbnail_ledger.h"

namespace photodrop::testing {

class PhotoStoreHarness {
 public:
  virtual ~PhotoStoreHarness() = default;

  // An empty store, made for this test.
  virtual PhotoStore& store() = 0;

  // The same rows as a queue of those that have to go.
  virtual CleanupQueue& queue() = 0;

  // And as an index by key.
  virtual PhotoIndex& index() = 0;

  // And counted.
  virtual LedgerCensus& census() = 0;

  // And with what is known of their thumbnails.
  virtual ThumbnailLedger& thumbnails() = 0;

  // Moves what is known of a thumbnail back in time.
  virtual void age(const ThumbnailId& id, std::chrono::seconds by) = 0;

  // Moves a row back in time, as if it had been made and leased that much earlier.
  virtual void age(std::int64_t id, std::chrono::seconds by) = 0;

  // Adds `count` rows as the lesson's app writes them.
  virtual void insert_as_lesson(std::int64_t count) = 0;

  // Puts a row into the state in which the reaper or a DELETE leaves it.
  virtual void mark_deleting(std::int64_t id) = 0;

  // pending, stored, deleting or tombstone; "none" when there is no such row.
  virtual std::string state_of(std::int64_t id) = 0;
};

using MakePhotoStore = std::unique_ptr<PhotoStoreHarness> (*)();

// A photo with everything known, its values all different.
inline NewPhoto sample_photo() {
  return {.key = "6f2d9d0e-62f5-4c1c-8df0-6f1f7c1a8e11_cat.png",
          .filename = "my cat.png",
          .content_type = "image/png",
          .size = 123456,
          .width = 640,
          .height = 480,
          .sha256 = sha256("a cat")};
}

// The photos of a page, by default all of them.
inline std::vector<Photo> listed(PhotoStore& store,
                                 const Page& page = {.after = std::nullopt, .limit = 100'000}) {
  std::vector<Photo> photos;
  const auto range = store.locate(page);
  if (range) store.each(*range, [&](const Photo& photo) { photos.push_back(photo); });
  return photos;
}

}  // namespace photodrop::testing
