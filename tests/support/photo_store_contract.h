// What every PhotoStore keeps to, the fake as well as the real one. A test file that includes
// this instantiates it for its store:
//
//   INSTANTIATE_TEST_SUITE_P(Fake, PhotoStoreContract, ::testing::Values(&make_fake));
//
// How lists are read is in support/photo_list_contract.h.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class PhotoStoreContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  PhotoStore& store() { return harness_->store(); }

  Photo begin(const NewPhoto& photo = sample_photo()) {
    return store().begin(photo, std::chrono::minutes(15)).photo.value();
  }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
};

TEST_P(PhotoStoreContract, BeginReturnsTheRow) {
  const NewPhoto photo = sample_photo();
  const Photo row = begin(photo);
  EXPECT_GE(row.id, 1);
  EXPECT_EQ(row.key, photo.key);
  EXPECT_EQ(row.filename, photo.filename);
  EXPECT_EQ(row.content_type, photo.content_type);
  EXPECT_EQ(row.size, photo.size);
  EXPECT_EQ(row.width, photo.width);
  EXPECT_EQ(row.height, photo.height);
  EXPECT_EQ(row.sha256, hex(photo.sha256));
}

TEST_P(PhotoStoreContract, CreatedAtIsRfc3339InUtcWithMilliseconds) {
  const std::string text = begin().created_at.value();
  std::string shape;
  for (const char c : text) shape += c >= '0' && c <= '9' ? '0' : c;
  EXPECT_EQ(shape, "0000-00-00T00:00:00.000Z") << text;
}

TEST_P(PhotoStoreContract, APhotoWithoutANameHasNone) {
  NewPhoto photo = sample_photo();
  photo.filename.clear();
  const Photo row = begin(photo);
  EXPECT_EQ(row.filename, std::nullopt);
  store().finish(row.id);
  EXPECT_EQ(listed(store()).at(0).filename, std::nullopt);
}

TEST_P(PhotoStoreContract, KeepsTextAsItIs) {
  for (const char* const text :
       {"it's \"one\"", "a\\b\\\\c", "'; DROP TABLE photos; --", "$1 %s %00 {}",
        "\xC3\xBC \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x98\x80", "NULL", " "}) {
    NewPhoto photo = sample_photo();
    photo.key = photo.filename = text;
    const Photo row = begin(photo);
    EXPECT_EQ(row.key, text);
    EXPECT_EQ(row.filename, text);
  }
}

TEST_P(PhotoStoreContract, KeepsTheGreatestNumbers) {
  NewPhoto photo = sample_photo();
  photo.size = std::int64_t{1} << 40;
  photo.width = photo.height = 0x7FFFFFFF;
  const Photo row = begin(photo);
  EXPECT_EQ(row.size, photo.size);
  EXPECT_EQ(row.width, photo.width);
  EXPECT_EQ(row.height, photo.height);
}

TEST_P(PhotoStoreContract, IdsGrow) {
  const std::int64_t first = begin().id;
  const std::int64_t second = begin().id;
  EXPECT_LT(first, second);
}

TEST_P(PhotoStoreContract, APendingPhotoIsNotListed) {
  const std::int64_t id = begin().id;
  EXPECT_EQ(harness_->state_of(id), "pending");
  EXPECT_TRUE(listed(store()).empty());
}

TEST_P(PhotoStoreContract, AFinishedPhotoIsListedAsItBegan) {
  const Photo row = begin();
  EXPECT_TRUE(store().finish(row.id));
  EXPECT_EQ(harness_->state_of(row.id), "stored");
  const auto photos = listed(store());
  ASSERT_EQ(photos.size(), 1U);
  EXPECT_EQ(photos[0].id, row.id);
  EXPECT_EQ(photos[0].key, row.key);
  EXPECT_EQ(photos[0].filename, row.filename);
  EXPECT_EQ(photos[0].content_type, row.content_type);
  EXPECT_EQ(photos[0].size, row.size);
  EXPECT_EQ(photos[0].width, row.width);
  EXPECT_EQ(photos[0].height, row.height);
  EXPECT_EQ(photos[0].sha256, row.sha256);
  EXPECT_EQ(photos[0].created_at, row.created_at);
}

TEST_P(PhotoStoreContract, FinishingTwiceIsFinishing) {
  const std::int64_t id = begin().id;
  EXPECT_TRUE(store().finish(id));
  EXPECT_TRUE(store().finish(id));
  EXPECT_EQ(harness_->state_of(id), "stored");
}

TEST_P(PhotoStoreContract, FinishesOnlyTheOnePhoto) {
  const std::int64_t id = begin().id;
  const std::int64_t other = begin().id;
  EXPECT_TRUE(store().finish(id));
  EXPECT_EQ(harness_->state_of(other), "pending");
}

TEST_P(PhotoStoreContract, WhatTheReaperTookCannotBeFinished) {
  const std::int64_t id = begin().id;
  harness_->mark_deleting(id);
  EXPECT_FALSE(store().finish(id));
  EXPECT_EQ(harness_->state_of(id), "deleting");
  EXPECT_FALSE(store().finish(id + 1000)) << "no such row";
}

TEST_P(PhotoStoreContract, AnAbandonedPhotoLeavesNoRow) {
  const std::int64_t id = begin().id;
  const std::int64_t other = begin().id;
  store().abandon(id);
  EXPECT_EQ(harness_->state_of(id), "none");
  EXPECT_EQ(harness_->state_of(other), "pending");
  EXPECT_FALSE(store().finish(id));
}

TEST_P(PhotoStoreContract, OnlyPendingPhotosCanBeAbandoned) {
  const std::int64_t stored = begin().id;
  store().finish(stored);
  store().abandon(stored);
  EXPECT_EQ(harness_->state_of(stored), "stored");

  const std::int64_t reaped = begin().id;
  harness_->mark_deleting(reaped);
  store().abandon(reaped);
  EXPECT_EQ(harness_->state_of(reaped), "deleting");

  EXPECT_NO_THROW(store().abandon(reaped + 1000)) << "no such row";
}

TEST_P(PhotoStoreContract, APhotoBeingDeletedIsNotListed) {
  const std::int64_t id = begin().id;
  store().finish(id);
  harness_->mark_deleting(id);
  EXPECT_TRUE(listed(store()).empty());
}

TEST_P(PhotoStoreContract, FindsStoredPhotosOnly) {
  const Photo row = begin();
  EXPECT_FALSE(store().find(row.id));
  store().finish(row.id);
  const auto found = store().find(row.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, row.id);
  EXPECT_EQ(found->key, row.key);
  EXPECT_EQ(found->sha256, row.sha256);
  EXPECT_FALSE(store().find(row.id + 1000));
  harness_->mark_deleting(row.id);
  EXPECT_FALSE(store().find(row.id));
}

TEST_P(PhotoStoreContract, TheLessonsRowsAreStoredAndKnowNoMoreThanTheirKey) {
  harness_->insert_as_lesson(1);
  const auto photos = listed(store());
  ASSERT_EQ(photos.size(), 1U);
  EXPECT_FALSE(photos[0].key.empty());
  EXPECT_EQ(photos[0].filename, std::nullopt);
  EXPECT_EQ(photos[0].content_type, std::nullopt);
  EXPECT_EQ(photos[0].size, std::nullopt);
  EXPECT_EQ(photos[0].width, std::nullopt);
  EXPECT_EQ(photos[0].height, std::nullopt);
  EXPECT_EQ(photos[0].sha256, std::nullopt);
  EXPECT_EQ(photos[0].created_at, std::nullopt);
  EXPECT_TRUE(store().finish(photos[0].id));
}

}  // namespace photodrop::testing
