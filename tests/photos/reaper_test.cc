// What the reaper and a deletion leave behind, when the store and the ledger work and when they
// do not.
#include "photos/reaper.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/photo_store_harness.h"

namespace photodrop::testing {
namespace {

using Failure = FakePhotoStore::Failure;
using State = FakePhotoStore::State;

class ReaperTest : public ::testing::Test {
 protected:
  ReapReport reap() { return Reaper(objects_, photos_).reap(); }
  bool remove(std::int64_t id) { return Remover(objects_, photos_).remove(id); }

  // An upload that was cut off after its object was written.
  std::int64_t pending() {
    NewPhoto photo = sample_photo();
    photo.key = random_uuid() + "_a.png";
    const std::int64_t id = photos_.begin(photo, std::chrono::minutes(2)).photo.value().id;
    objects_.objects[photo.key] = {"image/png", "bytes"};
    return id;
  }

  std::int64_t stored() {
    const std::int64_t id = pending();
    photos_.finish(id);
    return id;
  }

  void pass(std::chrono::seconds time) { photos_.time += time; }
  State state_of(std::int64_t id) { return photos_.rows.at(id).state; }

  FakeObjectStore objects_;
  FakePhotoStore photos_;
};

TEST_F(ReaperTest, HasNothingToDoAtFirst) {
  stored();
  pending();
  const ReapReport report = reap();
  EXPECT_EQ(report.uploads + report.photos + report.tombstones + report.keys + report.failed,
            0);
  EXPECT_EQ(objects_.objects.size(), 2U);
}

TEST_F(ReaperTest, CleansUpUploadsPastTheirLease) {
  const std::int64_t kept = stored();
  const std::int64_t cut_off = pending();
  pass(std::chrono::minutes(3));
  const ReapReport report = reap();
  EXPECT_EQ(report.uploads, 1);
  EXPECT_EQ(state_of(cut_off), State::tombstone);
  EXPECT_EQ(state_of(kept), State::stored);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

TEST_F(ReaperTest, ATombstoneCatchesAWriteThatLandsLate) {
  const std::int64_t id = pending();
  const std::string key = photos_.rows.at(id).photo.key;
  pass(std::chrono::minutes(3));
  reap();
  objects_.objects[key] = {"image/png", "late"};
  pass(kTombstoneRest);
  EXPECT_EQ(reap().tombstones, 1);
  EXPECT_TRUE(objects_.objects.empty());
  EXPECT_TRUE(photos_.rows.empty());
}

TEST_F(ReaperTest, AStoreThatFailsLeavesTheRowForTheNextRun) {
  const std::int64_t id = pending();
  pass(std::chrono::minutes(3));
  objects_.remove_fails = true;
  EXPECT_EQ(reap().failed, 1);
  EXPECT_EQ(state_of(id), State::deleting);
  objects_.remove_fails = false;
  pass(std::chrono::seconds(1));
  EXPECT_EQ(reap().photos, 1);
  EXPECT_TRUE(objects_.objects.empty());
}

TEST_F(ReaperTest, GivesUpOnAStoreThatKeepsFailing) {
  for (int i = 0; i < 10; ++i) pending();
  pass(std::chrono::minutes(3));
  objects_.remove_fails = true;
  EXPECT_EQ(reap().failed, 3);
}

TEST_F(ReaperTest, ForgetsKeysAfterADay) {
  NewPhoto photo = sample_photo();
  photo.idempotency_key = "k";
  photos_.finish(photos_.begin(photo, std::chrono::minutes(2)).photo.value().id);
  pass(kKeyLife);
  EXPECT_EQ(reap().keys, 0);
  pass(std::chrono::seconds(1));
  EXPECT_EQ(reap().keys, 1);
}

TEST_F(ReaperTest, ADatabaseThatFailsEndsTheRun) {
  pending();
  pass(std::chrono::minutes(3));
  photos_.take_failure = Failure::before_commit;
  EXPECT_THROW(reap(), Error);
}

TEST_F(ReaperTest, DeletingTakesTheObjectAndLeavesATombstone) {
  const std::int64_t id = stored();
  const std::int64_t other = stored();
  EXPECT_TRUE(remove(id));
  EXPECT_EQ(state_of(id), State::tombstone);
  EXPECT_FALSE(photos_.rows.at(id).photo.sha256) << "it knows no more than its key";
  EXPECT_EQ(state_of(other), State::stored);
  EXPECT_EQ(objects_.objects.size(), 1U);
  EXPECT_FALSE(remove(id));
}

TEST_F(ReaperTest, DeletingWhatTheStoreKeepsIsLeftToTheReaper) {
  const std::int64_t id = stored();
  objects_.remove_fails = true;
  EXPECT_TRUE(remove(id));
  EXPECT_EQ(state_of(id), State::deleting);
  objects_.remove_fails = false;
  pass(std::chrono::seconds(1));
  EXPECT_EQ(reap().photos, 1);
  EXPECT_TRUE(objects_.objects.empty());
}

TEST_F(ReaperTest, ADeletionThatCannotBeRecordedIsLeftToTheReaper) {
  const std::int64_t id = stored();
  photos_.bury_failure = Failure::before_commit;
  EXPECT_TRUE(remove(id));
  EXPECT_EQ(state_of(id), State::deleting);
  photos_.bury_failure = Failure::none;
  pass(kCleanupLease);
  EXPECT_EQ(reap().photos, 1);
  EXPECT_EQ(state_of(id), State::tombstone);
}

TEST_F(ReaperTest, DeletingWithoutTheDatabaseIsAFault) {
  const std::int64_t id = stored();
  photos_.take_failure = Failure::before_commit;
  EXPECT_THROW(remove(id), Error);
  EXPECT_EQ(state_of(id), State::stored);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

}  // namespace
}  // namespace photodrop::testing
