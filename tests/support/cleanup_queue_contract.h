// What every CleanupQueue keeps to, the fake as well as the real one. A test file that includes
// this instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class CleanupQueueContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  static constexpr std::chrono::seconds kLease{120};
  static constexpr std::chrono::hours kRest{24};

  PhotoStore& store() { return harness_->store(); }
  CleanupQueue& queue() { return harness_->queue(); }

  std::int64_t pending() { return store().begin(sample_photo(), kLease).photo.value().id; }

  std::int64_t stored() {
    const std::int64_t id = pending();
    EXPECT_TRUE(store().finish(id));
    return id;
  }

  std::int64_t overdue(std::chrono::seconds by = std::chrono::seconds(30)) {
    const std::int64_t id = pending();
    harness_->age(id, kLease + by);
    return id;
  }

  std::optional<Doomed> take_due() { return queue().take_due(queue().now(), kLease); }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
};

TEST_P(CleanupQueueContract, TakesAStoredPhotoOutOfTheList) {
  const std::int64_t id = stored();
  const std::int64_t other = stored();
  const auto doomed = queue().take(id, kLease);
  ASSERT_TRUE(doomed);
  EXPECT_EQ(doomed->id, id);
  EXPECT_EQ(doomed->key, sample_photo().key);
  EXPECT_EQ(doomed->was, Remains::photo);
  EXPECT_EQ(harness_->state_of(id), "deleting");
  EXPECT_FALSE(store().find(id));
  EXPECT_EQ(listed(store()).size(), 1U);
  EXPECT_EQ(listed(store()).at(0).id, other);
}

TEST_P(CleanupQueueContract, OnlyStoredPhotosCanBeTakenById) {
  const std::int64_t uploading = pending();
  EXPECT_FALSE(queue().take(uploading, kLease));
  EXPECT_EQ(harness_->state_of(uploading), "pending");
  const std::int64_t taken = stored();
  ASSERT_TRUE(queue().take(taken, kLease));
  EXPECT_FALSE(queue().take(taken, kLease));
  EXPECT_FALSE(queue().take(taken + 1000, kLease)) << "no such row";
}

TEST_P(CleanupQueueContract, NothingIsDueThatIsStoredOrWithinItsLease) {
  stored();
  pending();
  ASSERT_TRUE(queue().take(stored(), kLease));
  EXPECT_FALSE(take_due());
}

TEST_P(CleanupQueueContract, AnUploadPastItsLeaseIsDueAndCannotBeFinished) {
  const std::int64_t id = overdue();
  const auto doomed = take_due();
  ASSERT_TRUE(doomed);
  EXPECT_EQ(doomed->id, id);
  EXPECT_EQ(doomed->key, sample_photo().key);
  EXPECT_EQ(doomed->was, Remains::upload);
  EXPECT_EQ(harness_->state_of(id), "deleting");
  EXPECT_FALSE(store().finish(id));
}

TEST_P(CleanupQueueContract, ADiscardedUploadIsDueAtOnce) {
  const std::int64_t id = pending();
  store().discard(id);
  EXPECT_EQ(harness_->state_of(id), "deleting");
  EXPECT_FALSE(store().finish(id));
  const auto doomed = take_due();
  ASSERT_TRUE(doomed);
  EXPECT_EQ(doomed->id, id);
}

TEST_P(CleanupQueueContract, OnlyPendingUploadsCanBeDiscarded) {
  const std::int64_t id = stored();
  store().discard(id);
  EXPECT_EQ(harness_->state_of(id), "stored");
  EXPECT_NO_THROW(store().discard(id + 1000)) << "no such row";
}

TEST_P(CleanupQueueContract, TheLongestDueIsTakenFirst) {
  const std::int64_t recent = overdue(std::chrono::seconds(30));
  const std::int64_t old = overdue(std::chrono::seconds(3600));
  EXPECT_EQ(take_due()->id, old);
  EXPECT_EQ(take_due()->id, recent);
  EXPECT_FALSE(take_due());
}

TEST_P(CleanupQueueContract, WhatIsTakenIsDueAgainAfterTheLease) {
  const std::int64_t id = overdue();
  ASSERT_TRUE(take_due());
  EXPECT_FALSE(take_due());
  harness_->age(id, kLease + std::chrono::seconds(30));
  const auto again = take_due();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, id);
  EXPECT_EQ(again->was, Remains::photo) << "its upload is over";
}

TEST_P(CleanupQueueContract, WhatIsPutBackIsDueInTheNextRunOnly) {
  const std::int64_t id = overdue();
  const LedgerTime run = queue().now();
  queue().put_back(queue().take_due(run, kLease).value());
  EXPECT_FALSE(queue().take_due(run, kLease));
  const auto next = queue().take_due(queue().now() + std::chrono::seconds(1), kLease);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->id, id);
}

TEST_P(CleanupQueueContract, OnlyWhatIsTakenCanBePutBack) {
  const std::int64_t id = stored();
  queue().put_back({.id = id, .key = "x", .was = Remains::photo});
  EXPECT_EQ(harness_->state_of(id), "stored");
  EXPECT_FALSE(queue().take_due(queue().now() + std::chrono::seconds(1), kLease));
  EXPECT_NO_THROW(queue().put_back({.id = id + 1000, .key = "x", .was = Remains::photo}));
}

TEST_P(CleanupQueueContract, ABuriedRowRestsAsATombstoneThenIsErased) {
  const std::int64_t id = overdue();
  queue().bury(take_due().value(), kRest);
  EXPECT_EQ(harness_->state_of(id), "tombstone");
  EXPECT_FALSE(take_due());
  harness_->age(id, kRest + std::chrono::seconds(30));
  const auto doomed = take_due();
  ASSERT_TRUE(doomed);
  EXPECT_EQ(doomed->id, id);
  EXPECT_EQ(doomed->key, sample_photo().key);
  EXPECT_EQ(doomed->was, Remains::tombstone);
  EXPECT_EQ(harness_->state_of(id), "tombstone") << "until its object is deleted once more";
  queue().bury(*doomed, kRest);
  EXPECT_EQ(harness_->state_of(id), "none");
}

// Or the tombstone would not rest for as long as a late write may take.
TEST_P(CleanupQueueContract, WhatAnotherOneHasBuriedIsNotPutBack) {
  const std::int64_t id = overdue();
  const Doomed first = take_due().value();
  harness_->age(id, kLease + std::chrono::seconds(30));
  queue().bury(take_due().value(), kRest);
  queue().put_back(first);
  EXPECT_FALSE(queue().take_due(queue().now() + std::chrono::seconds(1), kLease));
}

// The first was so slow that its lease ended, and a second one took over.
TEST_P(CleanupQueueContract, ALateBurialChangesNothing) {
  const std::int64_t id = overdue();
  const Doomed first = take_due().value();
  harness_->age(id, kLease + std::chrono::seconds(30));
  const Doomed second = take_due().value();
  queue().bury(second, kRest);
  queue().bury(first, kRest);
  EXPECT_EQ(harness_->state_of(id), "tombstone");
  EXPECT_NO_THROW(queue().bury({.id = id + 1000, .key = "x", .was = Remains::photo}, kRest));
}

TEST_P(CleanupQueueContract, ATombstoneIsNotListedNorFound) {
  const std::int64_t id = stored();
  queue().bury(queue().take(id, kLease).value(), kRest);
  EXPECT_EQ(harness_->state_of(id), "tombstone");
  EXPECT_FALSE(store().find(id));
  EXPECT_TRUE(listed(store()).empty());
  EXPECT_FALSE(queue().take(id, kLease));
  EXPECT_FALSE(store().finish(id));
}

}  // namespace photodrop::testing
