// How every PhotoStore lists its photos: the part of the contract
// (support/photo_store_contract.h) that is about pages. A test file that includes this
// instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <vector>

#include "support/photo_store_harness.h"

namespace photodrop::testing {

class PhotoListContract : public ::testing::TestWithParam<MakePhotoStore> {
 protected:
  using Ids = std::vector<std::int64_t>;

  PhotoStore& store() { return harness_->store(); }

  // Adds so many stored photos and keeps their ids.
  void fill(std::int64_t count) {
    harness_->insert_as_lesson(count);
    ids_ = ids_of({.after = std::nullopt, .limit = 100'000});
    ASSERT_EQ(static_cast<std::int64_t>(ids_.size()), count);
  }

  Ids ids_of(const Page& page) {
    Ids ids;
    for (const Photo& photo : listed(store(), page)) ids.push_back(photo.id);
    return ids;
  }

  // The ids of all the pages, one page after the other as a client would ask for them.
  Ids walk(Page page) {
    Ids all;
    for (std::optional<std::int64_t> next = 0; next;) {
      next = store().next_after(page);
      const Ids ids = ids_of(page);
      EXPECT_TRUE(!next || (!ids.empty() && ids.back() == *next));
      EXPECT_LE(static_cast<std::int64_t>(ids.size()), page.limit);
      all.insert(all.end(), ids.begin(), ids.end());
      page.after = next;
    }
    return all;
  }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
  Ids ids_;
};

TEST_P(PhotoListContract, AnEmptyStoreHasAnEmptyPage) {
  for (const Order order : {Order::ascending, Order::descending}) {
    const Page page{.after = std::nullopt, .limit = 1, .order = order};
    EXPECT_EQ(ids_of(page), Ids());
    EXPECT_EQ(store().next_after(page), std::nullopt);
  }
}

TEST_P(PhotoListContract, AscendsByIdFromTheStart) {
  fill(5);
  EXPECT_TRUE(std::is_sorted(ids_.begin(), ids_.end()));
  EXPECT_EQ(ids_of({.after = std::nullopt, .limit = 3}), Ids({ids_[0], ids_[1], ids_[2]}));
  EXPECT_EQ(ids_of({.after = ids_[2], .limit = 3}), Ids({ids_[3], ids_[4]}));
}

TEST_P(PhotoListContract, DescendsFromTheEnd) {
  fill(5);
  const Order order = Order::descending;
  EXPECT_EQ(ids_of({.after = std::nullopt, .limit = 3, .order = order}),
            Ids({ids_[4], ids_[3], ids_[2]}));
  EXPECT_EQ(ids_of({.after = ids_[2], .limit = 3, .order = order}), Ids({ids_[1], ids_[0]}));
}

TEST_P(PhotoListContract, NextAfterIsThePagesLastPhotoWhenMoreFollow) {
  fill(4);
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 1}), ids_[0]);
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 3}), ids_[2]);
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 4}), std::nullopt);
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 5}), std::nullopt);
  EXPECT_EQ(store().next_after({.after = ids_[1], .limit = 1}), ids_[2]);
  EXPECT_EQ(store().next_after({.after = ids_[2], .limit = 1}), std::nullopt);
  EXPECT_EQ(store().next_after({.after = ids_[3], .limit = 2, .order = Order::descending}),
            ids_[1]);
}

TEST_P(PhotoListContract, APageMayStartAfterAnIdThatIsNotThere) {
  fill(3);
  harness_->mark_deleting(ids_[1]);
  EXPECT_EQ(ids_of({.after = ids_[1], .limit = 9}), Ids({ids_[2]}));
  EXPECT_EQ(ids_of({.after = ids_[2] + 1000, .limit = 9}), Ids());
  EXPECT_EQ(store().next_after({.after = ids_[2] + 1000, .limit = 9}), std::nullopt);
  EXPECT_EQ(ids_of({.after = 0, .limit = 9}), Ids({ids_[0], ids_[2]}));
  EXPECT_EQ(ids_of({.after = 0, .limit = 9, .order = Order::descending}), Ids());
  EXPECT_EQ(ids_of({.after = INT64_MAX, .limit = 9}), Ids());
}

TEST_P(PhotoListContract, PhotosThatAreNotStoredDoNotCount) {
  fill(3);
  const std::int64_t pending = store().begin(sample_photo(), std::chrono::minutes(15)).id;
  harness_->mark_deleting(ids_[0]);
  EXPECT_EQ(ids_of({.after = std::nullopt, .limit = 2}), Ids({ids_[1], ids_[2]}));
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 2}), std::nullopt);
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 1}), ids_[1]);
  ASSERT_TRUE(store().finish(pending));
  EXPECT_EQ(store().next_after({.after = std::nullopt, .limit = 2}), ids_[2]);
}

TEST_P(PhotoListContract, PagesOfAnySizeMakeUpTheWholeList) {
  fill(7);
  const Ids backwards(ids_.rbegin(), ids_.rend());
  for (const std::int64_t limit : {1, 2, 3, 6, 7, 8}) {
    EXPECT_EQ(walk({.after = std::nullopt, .limit = limit}), ids_) << limit;
    EXPECT_EQ(walk({.after = std::nullopt, .limit = limit, .order = Order::descending}),
              backwards)
        << limit;
  }
}

TEST_P(PhotoListContract, ALongPageIsWhole) {
  fill(1001);
  const Ids backwards(ids_.rbegin(), ids_.rend());
  for (const std::int64_t limit : {199, 200, 201, 400, 1000}) {
    EXPECT_EQ(ids_of({.after = std::nullopt, .limit = limit}),
              Ids(ids_.begin(), ids_.begin() + limit));
    EXPECT_EQ(ids_of({.after = std::nullopt, .limit = limit, .order = Order::descending}),
              Ids(backwards.begin(), backwards.begin() + limit));
  }
  EXPECT_EQ(walk({.after = std::nullopt, .limit = 450}), ids_);
}

TEST_P(PhotoListContract, WhatTheVisitorThrowsEndsTheList) {
  fill(3);
  int visited = 0;
  const auto visit = [&](const Photo&) {
    if (++visited == 2) throw std::runtime_error("the reader left");
  };
  EXPECT_THROW(store().each({.after = std::nullopt, .limit = 3}, visit), std::runtime_error);
  EXPECT_EQ(visited, 2);
  EXPECT_EQ(ids_of({.after = std::nullopt, .limit = 3}), ids_);
}

}  // namespace photodrop::testing
