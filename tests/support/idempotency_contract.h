// How every PhotoStore treats an upload that a client repeats: the part of the contract
// (support/photo_store_contract.h) that is about idempotency keys. A test file that includes
// this instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class IdempotencyContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  static constexpr std::chrono::seconds kLease{120};

  PhotoStore& store() { return harness_->store(); }

  Begun begin(const std::string& key, const std::string& bytes = "a cat") {
    NewPhoto photo = sample_photo();
    photo.idempotency_key = key;
    photo.sha256 = sha256(bytes);
    return store().begin(photo, kLease);
  }

  std::int64_t begun(const std::string& key) {
    const Begun made = begin(key);
    EXPECT_EQ(made.beginning, Beginning::begun);
    return made.photo.value().id;
  }

  std::int64_t stored(const std::string& key) {
    const std::int64_t id = begun(key);
    EXPECT_TRUE(store().finish(id));
    return id;
  }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
};

TEST_P(IdempotencyContract, WithoutAKeyEveryUploadIsANewOne) {
  EXPECT_NE(stored(""), stored(""));
  EXPECT_NE(begun(""), begun(""));
}

TEST_P(IdempotencyContract, OtherKeysAreOtherUploads) {
  EXPECT_NE(stored("a"), stored("b"));
  EXPECT_NE(begun("A"), begun("\"a\""));
}

TEST_P(IdempotencyContract, AnUploadThatIsStoredIsNotRepeated) {
  const std::int64_t id = stored("a");
  const Begun again = begin("a");
  EXPECT_EQ(again.beginning, Beginning::repeated);
  ASSERT_TRUE(again.photo);
  EXPECT_EQ(again.photo->id, id);
  EXPECT_EQ(again.photo->filename, sample_photo().filename);
  EXPECT_EQ(listed(store()).size(), 1U);
}

TEST_P(IdempotencyContract, AnUploadUnderWayIsInProgress) {
  begun("a");
  EXPECT_EQ(begin("a").beginning, Beginning::in_progress);
}

TEST_P(IdempotencyContract, OtherBytesAreAMismatchAtAnyTime) {
  const std::int64_t id = begun("a");
  EXPECT_EQ(begin("a", "a dog").beginning, Beginning::mismatched);
  store().finish(id);
  EXPECT_EQ(begin("a", "a dog").beginning, Beginning::mismatched);
}

TEST_P(IdempotencyContract, AnUploadThatWasGivenUpLetsItsKeyGo) {
  store().abandon(begun("a"));
  const std::int64_t discarded = begun("a");
  store().discard(discarded);
  EXPECT_EQ(harness_->state_of(discarded), "deleting");
  EXPECT_NE(begun("a"), discarded);
}

TEST_P(IdempotencyContract, AnUploadPastItsLeaseLetsItsKeyGoAndCannotEndWell) {
  const std::int64_t late = begun("a");
  harness_->age(late, kLease - std::chrono::seconds(30));
  EXPECT_EQ(begin("a").beginning, Beginning::in_progress);
  harness_->age(late, std::chrono::seconds(60));
  EXPECT_NE(begun("a"), late);
  EXPECT_FALSE(store().finish(late)) << "two photos of one key";
  EXPECT_EQ(harness_->state_of(late), "deleting");
}

TEST_P(IdempotencyContract, AKeyIsKeptForADay) {
  const std::int64_t id = stored("a");
  harness_->age(id, kKeyLife - std::chrono::minutes(1));
  EXPECT_EQ(begin("a").beginning, Beginning::repeated);
  harness_->age(id, std::chrono::minutes(2));
  EXPECT_NE(begun("a"), id);
  EXPECT_EQ(harness_->state_of(id), "stored") << "the photo stays";
}

TEST_P(IdempotencyContract, ADeletedPhotoLetsItsKeyGo) {
  const std::int64_t id = stored("a");
  ASSERT_TRUE(harness_->queue().take(id, kLease));
  EXPECT_NE(stored("a"), id);
}

TEST_P(IdempotencyContract, TheReaperTakesTheKeyWithTheRow) {
  const std::int64_t id = begun("a");
  harness_->age(id, kLease + std::chrono::seconds(30));
  ASSERT_TRUE(harness_->queue().take_due(harness_->queue().now(), kLease));
  EXPECT_NE(begun("a"), id);
}

TEST_P(IdempotencyContract, ForgetsOldKeysAndCountsThem) {
  const std::int64_t old = stored("a");
  stored("b");
  harness_->age(old, kKeyLife + std::chrono::minutes(1));
  EXPECT_EQ(harness_->queue().forget_keys(kKeyLife), 1);
  EXPECT_EQ(harness_->queue().forget_keys(kKeyLife), 0);
  EXPECT_EQ(begin("b").beginning, Beginning::repeated);
}

}  // namespace photodrop::testing
