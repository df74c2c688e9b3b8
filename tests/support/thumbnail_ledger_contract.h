// What every ThumbnailLedger keeps to, the fake as well as the real one. A test file that
// includes this instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class ThumbnailLedgerContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  static constexpr std::chrono::seconds kLease{120};
  static constexpr std::chrono::seconds kRest{600};
  static constexpr std::chrono::seconds kOver{630};

  std::int64_t stored() {
    const std::int64_t id = harness_->store().begin(sample_photo(), kLease).photo.value().id;
    EXPECT_TRUE(harness_->store().finish(id));
    return id;
  }

  ThumbnailState found(const ThumbnailId& id) { return ledger().find(id)->state; }

  ThumbnailLedger& ledger() { return harness_->thumbnails(); }
  ThumbnailState claim(const ThumbnailId& id) { return ledger().claim(id, kLease)->state; }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
};

TEST_P(ThumbnailLedgerContract, TheFirstHasTheClaimAndKnowsThePhoto) {
  const ThumbnailId id{stored(), 640};
  const auto claim = ledger().claim(id, kLease);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->state, ThumbnailState::claimed);
  EXPECT_EQ(claim->key, sample_photo().key);
  EXPECT_EQ(claim->filename, sample_photo().filename);
}

TEST_P(ThumbnailLedgerContract, OthersWaitUntilItIsThere) {
  const ThumbnailId id{stored(), 640};
  claim(id);
  EXPECT_EQ(claim(id), ThumbnailState::in_progress);
  EXPECT_TRUE(ledger().finish(id));
  EXPECT_EQ(claim(id), ThumbnailState::stored);
  EXPECT_TRUE(ledger().finish(id)) << "to say so twice does no harm";
}

TEST_P(ThumbnailLedgerContract, LookingClaimsNothing) {
  const ThumbnailId id{stored(), 640};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(found(id), ThumbnailState::missing);
  EXPECT_EQ(ledger().find(id)->key, sample_photo().key);
  claim(id);
  EXPECT_EQ(found(id), ThumbnailState::in_progress);
  harness_->age(id, kOver);
  EXPECT_EQ(found(id), ThumbnailState::missing) << "the lease has ended";
  claim(id);
  ledger().give_up(id, kRest);
  EXPECT_EQ(found(id), ThumbnailState::failed);
  ledger().finish(id);
  EXPECT_EQ(found(id), ThumbnailState::stored);
  EXPECT_FALSE(ledger().find({id.photo + 1000, 640})) << "no such row";
}

TEST_P(ThumbnailLedgerContract, EachSizeIsOneOfItsOwn) {
  const std::int64_t photo = stored();
  claim({photo, 640});
  EXPECT_EQ(claim({photo, 320}), ThumbnailState::claimed);
  EXPECT_EQ(claim({stored(), 640}), ThumbnailState::claimed);
}

TEST_P(ThumbnailLedgerContract, AClaimIsFreeAgainAfterItsLease) {
  const ThumbnailId id{stored(), 640};
  claim(id);
  harness_->age(id, kOver);
  EXPECT_EQ(claim(id), ThumbnailState::claimed);
  EXPECT_EQ(claim(id), ThumbnailState::in_progress);
}

TEST_P(ThumbnailLedgerContract, WhatWasGivenUpRests) {
  const ThumbnailId id{stored(), 640};
  claim(id);
  ledger().give_up(id, kRest);
  EXPECT_EQ(claim(id), ThumbnailState::failed);
  harness_->age(id, kOver);
  EXPECT_EQ(claim(id), ThumbnailState::claimed);
  ledger().give_up(id, std::chrono::seconds(0));
  EXPECT_EQ(claim(id), ThumbnailState::claimed);
}

TEST_P(ThumbnailLedgerContract, WhatIsThereIsNotGivenUp) {
  const ThumbnailId id{stored(), 640};
  claim(id);
  ledger().finish(id);
  ledger().give_up(id, kRest);
  EXPECT_EQ(claim(id), ThumbnailState::stored);
}

TEST_P(ThumbnailLedgerContract, OnlyStoredPhotosHaveAny) {
  const std::int64_t pending = harness_->store().begin(sample_photo(), kLease).photo->id;
  EXPECT_FALSE(ledger().claim({pending, 640}, kLease));
  EXPECT_FALSE(ledger().claim({pending + 1000, 640}, kLease)) << "no such row";
}

TEST_P(ThumbnailLedgerContract, OneOfADeletedPhotoCannotBeFinished) {
  const ThumbnailId id{stored(), 640};
  claim(id);
  ASSERT_TRUE(harness_->queue().take(id.photo, kLease));
  EXPECT_FALSE(ledger().finish(id));
  EXPECT_NO_THROW(ledger().give_up(id, kRest));
}

TEST_P(ThumbnailLedgerContract, WhoDeletesThePhotoKnowsOfAllUntilItsLastTrace) {
  const std::int64_t photo = stored();
  claim({photo, 320});
  ledger().finish({photo, 320});
  claim({photo, 640});
  claim({photo, 1280});
  ledger().give_up({photo, 1280}, kRest);
  const auto taken = harness_->queue().take(photo, kLease);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->thumbnails, (std::vector{320, 640, 1280}));
  harness_->queue().bury(*taken, kRest);
  harness_->age(photo, kOver);
  const auto tombstone = harness_->queue().take_due(harness_->queue().now(), kLease);
  ASSERT_TRUE(tombstone);
  EXPECT_EQ(tombstone->thumbnails, taken->thumbnails);
  harness_->queue().bury(*tombstone, kRest);
  EXPECT_EQ(harness_->state_of(photo), "none");
}

}  // namespace photodrop::testing
