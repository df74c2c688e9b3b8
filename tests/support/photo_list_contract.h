// How every PhotoStore lists its photos: the part of the contract
// (support/photo_store_contract.h) that is about pages. A test file that includes this
// instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
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

  Ids ids_of(const PageRange& range) {
    Ids ids;
    store().each(range, [&](const Photo& photo) { ids.push_back(photo.id); });
    return ids;
  }

  Ids ids_of(const Page& page) {
    const auto range = store().locate(page);
    return range ? ids_of(*range) : Ids();
  }

  // Fails when the page is empty.
  bool more_after(const Page& page) { return store().locate(page).value().more; }

  // The ids of all the pages, one page after the other as a client would ask for them.
  Ids walk(Page page) {
    Ids all;
    for (bool more = true; more;) {
      const auto range = store().locate(page);
      if (!range) break;
      const Ids ids = ids_of(*range);
      EXPECT_EQ(ids.back(), range->last);
      EXPECT_LE(static_cast<std::int64_t>(ids.size()), page.limit);
      all.insert(all.end(), ids.begin(), ids.end());
      page.after = range->last;
      more = range->more;
    }
    return all;
  }

  std::unique_ptr<PhotoStoreHarness> harness_ = GetParam()();
  Ids ids_;
};

TEST_P(PhotoListContract, AnEmptyStoreHasAnEmptyPage) {
  for (const Order order : {Order::ascending, Order::descending}) {
    const Page page{.after = std::nullopt, .limit = 1, .order = order};
    EXPECT_EQ(store().locate(page), std::nullopt);
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

TEST_P(PhotoListContract, APageEndsWithItsLastPhotoAndKnowsWhetherMoreFollow) {
  fill(4);
  const auto page = [](std::optional<std::int64_t> after, std::int64_t limit,
                       Order order = Order::ascending) {
    return Page{.after = after, .limit = limit, .order = order};
  };
  const auto down = Order::descending;
  for (const auto& [asked, last, more] : std::vector<std::tuple<Page, std::int64_t, bool>>{
           {page(std::nullopt, 1), ids_[0], true},
           {page(std::nullopt, 3), ids_[2], true},
           {page(std::nullopt, 4), ids_[3], false},
           {page(std::nullopt, 5), ids_[3], false},
           {page(ids_[1], 1), ids_[2], true},
           {page(ids_[2], 1), ids_[3], false},
           {page(ids_[3], 2, down), ids_[1], true},
           {page(ids_[3], 3, down), ids_[0], false}}) {
    const PageRange range = store().locate(asked).value();
    EXPECT_EQ(range.after, asked.after);
    EXPECT_EQ(range.last, last);
    EXPECT_EQ(range.order, asked.order);
    EXPECT_EQ(range.more, more);
  }
}

TEST_P(PhotoListContract, APageHasAnotherFingerprintOnceAPhotoHasComeOrGone) {
  const std::int64_t pending =
      store().begin(sample_photo(), std::chrono::minutes(15)).photo.value().id;
  harness_->insert_as_lesson(4);
  const Page page{.after = std::nullopt, .limit = 9};
  ids_ = ids_of(page);
  std::set<std::string> fingerprints = {store().locate(page).value().fingerprint};
  const auto is_new = [&] {
    return fingerprints.insert(store().locate(page).value().fingerprint).second;
  };
  EXPECT_FALSE(is_new());
  ASSERT_TRUE(store().finish(pending));
  EXPECT_TRUE(is_new()) << "one has come before all others";
  harness_->insert_as_lesson(1);
  EXPECT_TRUE(is_new()) << "one has come behind them";
  for (const std::int64_t id : ids_) {
    harness_->mark_deleting(id);
    EXPECT_TRUE(is_new()) << id << " has gone";
  }
}

TEST_P(PhotoListContract, WhatLiesOutsideOfAPageDoesNotChangeItsFingerprint) {
  fill(6);
  for (const Order order : {Order::ascending, Order::descending}) {
    const Page page{
        .after = order == Order::ascending ? ids_[1] : ids_[4], .limit = 2, .order = order};
    const std::string fingerprint = store().locate(page).value().fingerprint;
    harness_->mark_deleting(order == Order::ascending ? ids_[0] : ids_[5]);
    store().begin(sample_photo(), std::chrono::minutes(15));
    EXPECT_EQ(store().locate(page).value().fingerprint, fingerprint);
  }
}

TEST_P(PhotoListContract, OfWhatFollowsAPageItsFingerprintKnowsTheNextPhotoAlone) {
  fill(9);
  const auto check = [&](const Page& page, std::int64_t next, std::int64_t far) {
    const std::string fingerprint = store().locate(page).value().fingerprint;
    harness_->mark_deleting(far);
    EXPECT_EQ(store().locate(page).value().fingerprint, fingerprint);
    harness_->mark_deleting(next);
    EXPECT_NE(store().locate(page).value().fingerprint, fingerprint);
  };
  check({.after = ids_[0], .limit = 2, .order = Order::ascending}, ids_[3], ids_[8]);
  check({.after = ids_[7], .limit = 2, .order = Order::descending}, ids_[4], ids_[1]);
}

// Its id lies before photos that were stored earlier: the page grows, and loses none of those.
TEST_P(PhotoListContract, AnUploadThatEndsBetweenTheTwoCallsPushesNoPhotoOut) {
  for (const bool more : {true, false}) {
    const std::int64_t pending =
        store().begin(sample_photo(), std::chrono::minutes(15)).photo.value().id;
    harness_->insert_as_lesson(3);
    const Page page{.after = pending - 1, .limit = more ? 2 : 3};
    const auto range = store().locate(page).value();
    EXPECT_EQ(range.more, more);
    ASSERT_TRUE(store().finish(pending));
    EXPECT_EQ(ids_of(range).front(), pending);
    EXPECT_EQ(ids_of(range).back(), range.last);
    EXPECT_EQ(static_cast<std::int64_t>(ids_of(range).size()), page.limit + 1);
  }
}

TEST_P(PhotoListContract, APageMayStartAfterAnIdThatIsNotThere) {
  fill(3);
  harness_->mark_deleting(ids_[1]);
  EXPECT_EQ(ids_of({.after = ids_[1], .limit = 9}), Ids({ids_[2]}));
  EXPECT_EQ(ids_of({.after = ids_[2] + 1000, .limit = 9}), Ids());
  EXPECT_EQ(ids_of({.after = 0, .limit = 9}), Ids({ids_[0], ids_[2]}));
  EXPECT_EQ(ids_of({.after = 0, .limit = 9, .order = Order::descending}), Ids());
  EXPECT_EQ(ids_of({.after = INT64_MAX, .limit = 9}), Ids());
}

TEST_P(PhotoListContract, ReadsThePagesThatItLocates) {
  fill(5);
  const Ids backwards(ids_.rbegin(), ids_.rend());
  for (const Order order : {Order::ascending, Order::descending}) {
    const Ids& whole = order == Order::ascending ? ids_ : backwards;
    for (const std::int64_t limit : {1, 2, 4, 5, 6}) {
      for (const auto& after : {std::optional<std::int64_t>(), std::optional(whole[0]),
                                std::optional(whole[2]), std::optional(whole[4])}) {
        const Page page{.after = after, .limit = limit, .order = order};
        Ids ids;
        const auto visit = [&](const Photo& photo) { ids.push_back(photo.id); };
        EXPECT_EQ(store().read(page, visit), store().locate(page));
        EXPECT_EQ(ids, ids_of(page));
      }
    }
  }
}

// As when a database was restored, and its sequence with it.
TEST_P(PhotoListContract, AnotherPhotoOfTheSameIdMakesItAnotherPage) {
  const auto range_with = [](PhotoStore& store, const std::string& key) {
    NewPhoto photo = sample_photo();
    photo.key = key;
    store.finish(store.begin(photo, std::chrono::minutes(15)).photo.value().id);
    return store.locate({.after = std::nullopt, .limit = 9}).value();
  };
  const PageRange range = range_with(store(), "one.jpg");
  const PageRange other = range_with(GetParam()()->store(), "other.jpg");
  EXPECT_EQ(range.last, other.last);
  EXPECT_NE(range.fingerprint, other.fingerprint);
}

TEST_P(PhotoListContract, PhotosThatAreNotStoredDoNotCount) {
  fill(3);
  const std::int64_t pending =
      store().begin(sample_photo(), std::chrono::minutes(15)).photo.value().id;
  harness_->mark_deleting(ids_[0]);
  EXPECT_EQ(ids_of({.after = std::nullopt, .limit = 2}), Ids({ids_[1], ids_[2]}));
  EXPECT_FALSE(more_after({.after = std::nullopt, .limit = 2}));
  ASSERT_TRUE(store().finish(pending));
  EXPECT_TRUE(more_after({.after = std::nullopt, .limit = 2}));
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
  fill(2001);
  const Ids backwards(ids_.rbegin(), ids_.rend());
  for (const std::int64_t limit : {999, 1000, 1001, 2000}) {
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
  const auto range = store().locate({.after = std::nullopt, .limit = 3});
  EXPECT_THROW(store().each(range.value(), visit), std::runtime_error);
  EXPECT_EQ(visited, 2);
  EXPECT_EQ(ids_of({.after = std::nullopt, .limit = 3}), ids_);
}

}  // namespace photodrop::testing
