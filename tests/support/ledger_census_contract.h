// What every LedgerCensus keeps to, the fake as well as the real one. A test file that includes
// this instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class LedgerCensusContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  static constexpr std::chrono::seconds kLease{120};

  std::int64_t pending() {
    return harness_->store().begin(sample_photo(), kLease).photo.value().id;
  }

  Census census() { return harness_->census().census(); }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
};

TEST_P(LedgerCensusContract, AnEmptyLedgerHasNothingToCount) {
  const Census counted = census();
  EXPECT_EQ(counted.pending + counted.deleting + counted.tombstones + counted.due, 0);
  EXPECT_EQ(counted.oldest_pending.count(), 0);
}

TEST_P(LedgerCensusContract, ALedgerThatIsWholePassesTheCheck) {
  EXPECT_NO_THROW(harness_->census().check());
}

TEST_P(LedgerCensusContract, StoredPhotosAreNotCounted) {
  harness_->store().finish(pending());
  harness_->insert_as_lesson(2);
  const Census counted = census();
  EXPECT_EQ(counted.pending + counted.deleting + counted.tombstones + counted.due, 0);
}

TEST_P(LedgerCensusContract, CountsEachStateForItself) {
  for (int i = 0; i < 3; ++i) pending();
  for (int i = 0; i < 2; ++i) harness_->mark_deleting(pending());
  const std::int64_t id = pending();
  harness_->store().finish(id);
  const auto doomed = harness_->queue().take(id, kLease).value();
  harness_->queue().bury(doomed, std::chrono::hours(24));
  const Census counted = census();
  EXPECT_EQ(counted.pending, 3);
  EXPECT_EQ(counted.deleting, 2);
  EXPECT_EQ(counted.tombstones, 1);
  EXPECT_EQ(counted.due, 2);  // mark_deleting leaves no lease
}

TEST_P(LedgerCensusContract, TheOldestPendingRowCounts) {
  const std::int64_t oldest = pending();
  harness_->age(oldest, std::chrono::hours(3));
  pending();
  const std::int64_t deleted = pending();
  harness_->age(deleted, std::chrono::hours(9));
  harness_->mark_deleting(deleted);
  const Census counted = census();
  EXPECT_GE(counted.oldest_pending, std::chrono::hours(3));
  EXPECT_LT(counted.oldest_pending, std::chrono::hours(4));
  EXPECT_EQ(counted.due, 2);
}

}  // namespace photodrop::testing
