// The fakes keep the contracts of the stores that they stand for.
#include <gtest/gtest.h>

#include "support/cleanup_queue_contract.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/idempotency_contract.h"
#include "support/ledger_census_contract.h"
#include "support/object_store_contract.h"
#include "support/photo_index_contract.h"
#include "support/photo_list_contract.h"
#include "support/photo_store_contract.h"
#include "support/thumbnail_ledger_contract.h"

namespace photodrop::testing {
namespace {

class FakeObjectStoreHarness : public ObjectStoreHarness {
 public:
  ObjectStore& store() override { return store_; }

  std::optional<OpenedObject> open(const std::string& url) override {
    const auto* const object = store_.open(url);
    if (object == nullptr) return std::nullopt;
    return OpenedObject{object->content_type, object->bytes};
  }

  std::optional<OpenedObject> send(const ObjectRequest& request) override {
    for (const auto& [key, object] : store_.objects) {
      if (store_.read_request(key).path == request.path) {
        return OpenedObject{object.content_type, object.bytes};
      }
    }
    return std::nullopt;
  }

 private:
  FakeObjectStore store_;
};

class FakePhotoStoreHarness : public PhotoStoreHarness {
 public:
  PhotoStore& store() override { return store_; }
  CleanupQueue& queue() override { return store_; }
  PhotoIndex& index() override { return store_; }
  LedgerCensus& census() override { return store_; }
  ThumbnailLedger& thumbnails() override { return store_; }

  void age(std::int64_t id, std::chrono::seconds by) override {
    store_.rows.at(id).due -= by;
    store_.rows.at(id).created -= by;
  }

  void age(const ThumbnailId& id, std::chrono::seconds by) override {
    store_.rows.at(id.photo).thumbnails.at(id.box).due -= by;
  }

  void insert_as_lesson(std::int64_t count) override {
    for (std::int64_t i = 0; i < count; ++i) {
      store_.insert_as_lesson("uuid_" + std::to_string(i) + ".jpg");
    }
  }

  void mark_deleting(std::int64_t id) override {
    store_.rows.at(id).state = FakePhotoStore::State::deleting;
    store_.rows.at(id).due = store_.time;
  }

  std::string state_of(std::int64_t id) override {
    const auto found = store_.rows.find(id);
    if (found == store_.rows.end()) return "none";
    switch (found->second.state) {
      case FakePhotoStore::State::pending:
        return "pending";
      case FakePhotoStore::State::stored:
        return "stored";
      case FakePhotoStore::State::deleting:
        return "deleting";
      case FakePhotoStore::State::tombstone:
        return "tombstone";
    }
    return "unknown";
  }

 private:
  FakePhotoStore store_;
};

std::unique_ptr<ObjectStoreHarness> fake_object_store() {
  return std::make_unique<FakeObjectStoreHarness>();
}

std::unique_ptr<PhotoStoreHarness> fake_photo_store() {
  return std::make_unique<FakePhotoStoreHarness>();
}

INSTANTIATE_TEST_SUITE_P(Fake, ObjectStoreContract, ::testing::Values(&fake_object_store));
INSTANTIATE_TEST_SUITE_P(Fake, CleanupQueueContract, ::testing::Values(&fake_photo_store));
INSTANTIATE_TEST_SUITE_P(Fake, IdempotencyContract, ::testing::Values(&fake_photo_store));
INSTANTIATE_TEST_SUITE_P(Fake, LedgerCensusContract, ::testing::Values(&fake_photo_store));
INSTANTIATE_TEST_SUITE_P(Fake, PhotoStoreContract, ::testing::Values(&fake_photo_store));
INSTANTIATE_TEST_SUITE_P(Fake, PhotoIndexContract, ::testing::Values(&fake_photo_store));
INSTANTIATE_TEST_SUITE_P(Fake, PhotoListContract, ::testing::Values(&fake_photo_store));
INSTANTIATE_TEST_SUITE_P(Fake, ThumbnailLedgerContract, ::testing::Values(&fake_photo_store));

}  // namespace
}  // namespace photodrop::testing
