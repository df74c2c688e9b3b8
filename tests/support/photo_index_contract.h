// What every PhotoIndex keeps to, the fake as well as the real one. A test file that includes
// this instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class PhotoIndexContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  PhotoIndex& index() { return harness_->index(); }

  std::int64_t pending(const std::string& key) {
    NewPhoto photo = sample_photo();
    photo.key = key;
    return harness_->store().begin(photo, std::chrono::minutes(2)).photo.value().id;
  }

  std::int64_t stored(const std::string& key) {
    const std::int64_t id = pending(key);
    EXPECT_TRUE(harness_->store().finish(id));
    return id;
  }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
};

TEST_P(PhotoIndexContract, RowsComeInTheOrderOfTheirKeysBytes) {
  std::vector<std::string> keys = {
      "a b", "a!", "a-", "a0", "aA", "aB", "a_", "aa", "a~", "a\xC3\xBC", "a\xE6\x97\xA5", "b"};
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) stored(*key);
  for (const std::int64_t limit : {1, 5, 12, 100}) {
    std::vector<std::string> walked;
    for (auto page = index().rows_after("", limit); !page.empty();
         page = index().rows_after(page.back().key, limit)) {
      EXPECT_LE(static_cast<std::int64_t>(page.size()), limit);
      for (const IndexedPhoto& photo : page) walked.push_back(photo.key);
    }
    EXPECT_EQ(walked, keys);
  }
}

TEST_P(PhotoIndexContract, HoldsRowsOfEveryState) {
  pending("a");
  stored("b");
  const std::int64_t id = stored("c");
  harness_->mark_deleting(id);
  const auto rows = index().rows_after("", 9);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_FALSE(rows[0].is_stored);
  EXPECT_TRUE(rows[1].is_stored);
  EXPECT_FALSE(rows[2].is_stored);
  EXPECT_EQ(rows[2].id, id);
}

TEST_P(PhotoIndexContract, KnowsSizeAndHashWhereTheyAreKnown) {
  stored("a");
  harness_->insert_as_lesson(1);
  const auto ours = index().find_key("a");
  ASSERT_TRUE(ours);
  EXPECT_EQ(ours->size, sample_photo().size);
  EXPECT_EQ(ours->sha256, hex(sample_photo().sha256));
  const IndexedPhoto lessons = index().rows_after("a", 1).at(0);
  EXPECT_TRUE(lessons.is_stored);
  EXPECT_EQ(lessons.size, std::nullopt);
  EXPECT_EQ(lessons.sha256, std::nullopt);
}

TEST_P(PhotoIndexContract, FindsAKeyWhole) {
  const std::int64_t id = pending("a b");
  ASSERT_TRUE(index().find_key("a b"));
  EXPECT_EQ(index().find_key("a b")->id, id);
  EXPECT_FALSE(index().find_key("a b")->is_stored);
  for (const char* const key : {"", "a", "a b ", "A B", "a%20b", "%"}) {
    EXPECT_FALSE(index().find_key(key)) << key;
  }
}

TEST_P(PhotoIndexContract, KnowsTheThumbnailsThatAreStoredAndForgetsThem) {
  const std::int64_t id = stored("a");
  ThumbnailLedger& thumbnails = harness_->thumbnails();
  for (const int box : {1280, 320, 640}) thumbnails.claim({id, box}, std::chrono::minutes(2));
  thumbnails.finish({id, 1280});
  thumbnails.finish({id, 320});
  EXPECT_EQ(index().find_key("a")->thumbnails, (std::vector{320, 1280}));
  index().forget_thumbnail(id, 320);
  index().forget_thumbnail(id, 640);
  EXPECT_EQ(index().rows_after("", 1).at(0).thumbnails, std::vector{1280});
  const std::chrono::seconds lease(120);
  EXPECT_EQ(thumbnails.claim({id, 320}, lease)->state, ThumbnailState::claimed);
  EXPECT_EQ(thumbnails.claim({id, 640}, lease)->state, ThumbnailState::in_progress);
}

TEST_P(PhotoIndexContract, ASampleIsOfStoredPhotosEachOnce) {
  for (int i = 0; i < 9; ++i) stored("s" + std::to_string(i));
  pending("p");
  std::vector<std::string> keys;
  for (const IndexedPhoto& photo : index().sample(5)) keys.push_back(photo.key);
  EXPECT_EQ(keys.size(), 5U);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
  EXPECT_EQ(index().sample(100).size(), 9U);
  EXPECT_TRUE(index().sample(0).empty());
}

}  // namespace photodrop::testing
