// What the comparison of bucket and ledger finds, and what it leaves alone.
#include "photos/fsck.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "photos/names.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/photo_store_harness.h"

namespace photodrop::testing {
namespace {

using State = FakePhotoStore::State;
using Kind = Finding::Kind;

class FsckTest : public ::testing::Test {
 protected:
  FsckReport check(const FsckOptions& options = {}) {
    found_.clear();
    Fsck fsck(objects_, photos_,
              {.found = [this](const Finding& finding) { found_.push_back(finding); },
               .progress = [this](const FsckReport&) { ++progress_; }});
    return fsck.run(options);
  }

  // An object a day old.
  void put(const std::string& key, const std::string& bytes = "a cat") {
    objects_.objects[key] = {"image/png", bytes, an_age_ago(std::chrono::hours(24))};
  }

  std::chrono::sys_time<std::chrono::milliseconds> an_age_ago(std::chrono::minutes age) const {
    return std::chrono::floor<std::chrono::milliseconds>(photos_.time - age);
  }

  // A stored photo, without its object.
  std::int64_t row(const std::string& key, const std::string& bytes = "a cat") {
    NewPhoto photo = sample_photo();
    photo.key = key;
    photo.size = static_cast<std::int64_t>(bytes.size());
    photo.sha256 = sha256(bytes);
    const std::int64_t id = photos_.begin(photo, std::chrono::minutes(2)).photo.value().id;
    photos_.finish(id);
    return id;
  }

  std::int64_t whole(const std::string& key) {
    put(key);
    return row(key);
  }

  // A key of our form that sorts by `text`.
  static std::string key(char first, const std::string& text = "a.png") {
    return first + std::string("f2d9d0e-62f5-4c1c-8df0-6f1f7c1a8e11_") + text;
  }

  FakeObjectStore objects_;
  FakePhotoStore photos_;
  std::vector<Finding> found_;
  int progress_ = 0;
};

TEST_F(FsckTest, FindsNothingInNothing) {
  const FsckReport report = check();
  EXPECT_EQ(report.objects + report.rows, 0);
  EXPECT_TRUE(found_.empty());
}

TEST_F(FsckTest, FindsNothingWhereAllIsWell) {
  for (const char c : std::string("0123456789abcdef")) whole(key(c));
  const FsckReport report = check({.fix = true, .sample = 100});
  EXPECT_EQ(report.objects, 16);
  EXPECT_EQ(report.rows, 16);
  EXPECT_EQ(report.sampled, 16);
  EXPECT_TRUE(found_.empty());
  EXPECT_EQ(objects_.objects.size(), 16U);
  EXPECT_GT(progress_, 5);
}

TEST_F(FsckTest, TellsAnOrphanAndKeepsItUnlessItIsToFix) {
  whole(key('1'));
  put(key('0'));
  put(key('2'));
  FsckReport report = check();
  EXPECT_EQ(report.orphans, 2);
  EXPECT_EQ(report.fixed, 0);
  EXPECT_EQ(objects_.objects.size(), 3U);
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_EQ(found_[0].kind, Kind::orphan);
  EXPECT_EQ(found_[0].key, key('0'));
  EXPECT_EQ(found_[0].id, 0);

  report = check({.fix = true});
  EXPECT_EQ(report.orphans, 2);
  EXPECT_EQ(report.fixed, 2);
  EXPECT_EQ(objects_.objects.size(), 1U);
  EXPECT_EQ(check().orphans, 0);
}

TEST_F(FsckTest, AnEmptyLedgerMakesNoOrphans) {
  put(key('0'));
  const FsckReport report = check({.fix = true});
  EXPECT_EQ(report.orphans, 1);
  EXPECT_EQ(report.fixed, 0);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

TEST_F(FsckTest, AnObjectYoungerThanAnHourIsLeftAlone) {
  whole(key('f'));
  put(key('0'));
  put(key('1'));
  objects_.objects[key('0')].modified = an_age_ago(std::chrono::minutes(59));
  objects_.objects[key('1')].modified = an_age_ago(std::chrono::minutes(61));
  const FsckReport report = check({.fix = true});
  EXPECT_EQ(report.young, 1);
  EXPECT_EQ(report.orphans, 1);
  EXPECT_EQ(objects_.objects.count(key('0')), 1U);
}

TEST_F(FsckTest, ObjectsThatAreNotOurOwnAreLeftAlone) {
  const std::vector<std::string> foreign = {"backup.tar",
                                            "6f2d9d0e",
                                            "6f2d9d0e-62f5-4c1c-8df0-6f1f7c1a8e11",
                                            "6f2d9d0e-62f5-4c1c-8df0-6f1f7c1a8e11-a.png",
                                            "6F2D9D0E-62f5-4c1c-8df0-6f1f7c1a8e11_a.png",
                                            "x/6f2d9d0e-62f5-4c1c-8df0-6f1f7c1a8e11_a.png"};
  for (const std::string& name : foreign) put(name);
  const FsckReport report = check({.fix = true});
  EXPECT_EQ(report.foreign, static_cast<std::int64_t>(foreign.size()));
  EXPECT_EQ(report.orphans, 0);
  EXPECT_EQ(objects_.objects.size(), foreign.size());
}

// One of them is listed apart from its photo.
TEST_F(FsckTest, ThumbnailsBelongToTheirPhotos) {
  whole(key('1'));
  put(thumbnail_key(key('1'), 320));
  put(thumbnail_key(key('1'), 640));
  photos_.rows.at(row(key('2'))).state = State::tombstone;
  put(thumbnail_key(key('2'), 640));
  whole(key('3', "named.320.webp"));
  EXPECT_EQ(check().orphans, 0);
  EXPECT_TRUE(found_.empty());
}

TEST_F(FsckTest, AThumbnailThatIsRecordedWithoutItsObjectIsToldAndForgotten) {
  const std::int64_t id = whole(key('1'));
  for (const int box : kThumbnailBoxes) {
    photos_.claim({id, box}, std::chrono::minutes(2));
    photos_.finish({id, box});
  }
  put(thumbnail_key(key('1'), 640));
  whole(key('2'));
  EXPECT_EQ(check().thumbnails, 2);
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_EQ(found_[0].kind, Kind::thumbnail);
  EXPECT_EQ(found_[0].key, thumbnail_key(key('1'), 320));
  EXPECT_EQ(found_[0].id, id);
  const FsckReport fixing = check({.fix = true});
  EXPECT_EQ(fixing.fixed, 2);
  EXPECT_EQ(fixing.orphans + fixing.missing, 0);
  EXPECT_EQ(check().thumbnails, 0);
}

TEST_F(FsckTest, AThumbnailWithoutItsPhotoIsAnOrphan) {
  whole(key('1'));
  const std::string orphan = thumbnail_key(key('2'), 640);
  put(orphan);
  put(key('1') + ".641.webp");
  EXPECT_EQ(check({.fix = true}).fixed, 2);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

TEST_F(FsckTest, ARowWhoseObjectIsGoneIsToldAndNeverDeleted) {
  const std::int64_t id = row(key('5'));
  whole(key('7'));
  const FsckReport report = check({.fix = true});
  EXPECT_EQ(report.missing, 1);
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].kind, Kind::missing);
  EXPECT_EQ(found_[0].id, id);
  EXPECT_EQ(photos_.rows.at(id).state, State::stored);
}

TEST_F(FsckTest, RowsThatAreNotStoredAreTheReapers) {
  const std::int64_t id = row(key('5'));
  for (const State state : {State::pending, State::deleting, State::tombstone}) {
    photos_.rows.at(id).state = state;
    EXPECT_EQ(check({.fix = true}).missing, 0);
  }
  put(key('5'), "other bytes");
  for (const State state : {State::pending, State::deleting, State::tombstone}) {
    photos_.rows.at(id).state = state;
    EXPECT_EQ(check({.fix = true, .sample = 9}).orphans, 0);
    EXPECT_TRUE(found_.empty());
  }
}

TEST_F(FsckTest, TellsAnObjectOfAnotherSize) {
  const std::int64_t id = row(key('5'), "a cat");
  put(key('5'), "a horse");
  EXPECT_EQ(check({.sample = 9}).damaged, 1);
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].kind, Kind::damaged);
  EXPECT_EQ(found_[0].id, id);
}

TEST_F(FsckTest, OtherBytesOfTheSameSizeAreFoundByReadingThem) {
  const std::int64_t id = row(key('5'), "a cat");
  put(key('5'), "a dog");
  EXPECT_EQ(check().damaged, 0);
  EXPECT_EQ(check({.sample = 1}).damaged, 1);
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].id, id);
}

TEST_F(FsckTest, ReadsNoMoreThanTheSample) {
  for (const char c : std::string("0123456789")) whole(key(c));
  EXPECT_EQ(check({.sample = 4}).sampled, 4);
}

TEST_F(FsckTest, TheLessonsPhotosNeedOnlyTheirObject) {
  put(key('5', "my cat & dog.jpg"));
  photos_.insert_as_lesson(key('5', "my cat & dog.jpg"));
  photos_.insert_as_lesson(key('6'));
  const FsckReport report = check({.sample = 9});
  EXPECT_EQ(report.missing, 1);
  EXPECT_EQ(report.orphans + report.damaged, 0);
}

TEST_F(FsckTest, TwoRowsOfOneObjectBothHaveIt) {
  put(key('5'));
  photos_.insert_as_lesson(key('5'));
  photos_.insert_as_lesson(key('5'));
  const FsckReport report = check();
  EXPECT_EQ(report.missing + report.orphans, 0);
}

TEST_F(FsckTest, WhatComesAndGoesDuringTheWalkIsNoFinding) {
  const std::int64_t deleted = whole(key('8'));
  whole(key('0'));
  bool is_first = true;
  objects_.after_list = [&] {
    if (!std::exchange(is_first, false)) return;
    put(key('3'));  // uploaded: its row came before it
    row(key('3'));
    objects_.objects.erase(key('8'));
    photos_.rows.at(deleted).state = State::tombstone;
  };
  check();
  EXPECT_TRUE(found_.empty());
}

TEST_F(FsckTest, AStoreThatFailsEndsTheCheck) {
  row(key('5'));
  objects_.list_fails = true;
  EXPECT_THROW(check(), Error);
  objects_.list_fails = false;
  objects_.read_fails = true;
  EXPECT_THROW(check(), Error);
}

}  // namespace
}  // namespace photodrop::testing
