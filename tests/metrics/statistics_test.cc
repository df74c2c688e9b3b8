#include "metrics/statistics.h"

#include <gtest/gtest.h>

#include <memory>

namespace photodrop::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

class StatisticsTest : public ::testing::Test {
 protected:
  static Observation observation(const Operation& operation, int status = 200) {
    return {.operation = operation,
            .status = status,
            .bytes_in = 0,
            .bytes_out = 0,
            .time = milliseconds(3),
            .store = {},
            .database = {}};
  }

  // Of the operation at that place of the list.
  std::uint64_t requests(std::size_t place, int status) const {
    return statistics_->operations[place]
        .by_status[static_cast<std::size_t>(status - kFirstStatus)];
  }

  std::uint64_t others(int status) const { return requests(kOperations.size() - 1, status); }

  // The bucket that took the only observation.
  std::size_t bucket_for(microseconds time) const {
    const auto fresh = std::make_unique<Statistics>();
    Observation one = observation(kOperations[0]);
    one.time = time;
    count_request(*fresh, one);
    const auto& buckets = fresh->operations[0].time.buckets;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      if (buckets[i] == 1) return i;
    }
    return buckets.size();
  }

  std::unique_ptr<Statistics> statistics_ = std::make_unique<Statistics>();
};

TEST_F(StatisticsTest, ARequestIsCountedUnderItsOperationAndStatus) {
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    count_request(*statistics_, observation(kOperations[i], 204));
    EXPECT_EQ(requests(i, 204), 1U) << kOperations[i].method << " " << kOperations[i].route;
    EXPECT_EQ(requests(i, 200), 0U);
  }
}

TEST_F(StatisticsTest, HeadIsCountedWithGet) {
  count_request(*statistics_, observation({"HEAD", "/api/photos"}));
  count_request(*statistics_, observation({"GET", "/api/photos"}));
  EXPECT_EQ(requests(1, 200), 2U);
  EXPECT_EQ(others(200), 0U);
}

TEST_F(StatisticsTest, WhatIsNotInTheListIsCountedTogether) {
  count_request(*statistics_, observation({"GET", ""}, 404));
  count_request(*statistics_, observation({"BREW", "/api/photos"}, 404));
  count_request(*statistics_, observation({"POST", "/healthz"}, 405));
  EXPECT_EQ(others(404), 2U);
  EXPECT_EQ(others(405), 1U);
}

TEST_F(StatisticsTest, AStatusThatIsNoneIsCountedAsTheNearest) {
  count_request(*statistics_, observation({"GET", ""}, 7));
  count_request(*statistics_, observation({"GET", ""}, 1000));
  EXPECT_EQ(others(kFirstStatus), 1U);
  EXPECT_EQ(others(kLastStatus), 1U);
}

TEST_F(StatisticsTest, BytesAndTimesAddUp) {
  Observation one = observation(kOperations[0]);
  one.bytes_in = 5;
  one.bytes_out = 70;
  count_request(*statistics_, one);
  one.bytes_in = 600;
  count_request(*statistics_, one);
  const OperationCounters& counters = statistics_->operations[0];
  EXPECT_EQ(counters.bytes_in, 605U);
  EXPECT_EQ(counters.bytes_out, 140U);
  EXPECT_EQ(counters.time.nanoseconds, 6'000'000U);
}

TEST_F(StatisticsTest, TheCostsOfARequestAreCountedWhereThereAreAny) {
  Observation one = observation(kOperations[0]);
  one.store = {milliseconds(20), 3, 2};
  count_request(*statistics_, one);
  EXPECT_EQ(statistics_->store.attempts, 3U);
  EXPECT_EQ(statistics_->store.errors, 2U);
  EXPECT_EQ(statistics_->store.time.nanoseconds, 20'000'000U);
  EXPECT_EQ(statistics_->store.time.buckets[4], 1U);  // up to 25 ms
  EXPECT_EQ(statistics_->database.attempts, 0U);
  for (const Counter& bucket : statistics_->database.time.buckets) EXPECT_EQ(bucket, 0U);
}

TEST_F(StatisticsTest, ABoundBelongsToItsBucket) {
  EXPECT_EQ(bucket_for(microseconds(0)), 0U);
  EXPECT_EQ(bucket_for(milliseconds(1)), 0U);
  EXPECT_EQ(bucket_for(microseconds(1001)), 1U);
  EXPECT_EQ(bucket_for(seconds(60)), kBounds.size() - 1);
  EXPECT_EQ(bucket_for(seconds(61)), kBounds.size());
}

TEST_F(StatisticsTest, TheNamesOfBoundsAreTheirTimes) {
  for (const Bound& bound : kBounds) {
    EXPECT_DOUBLE_EQ(std::stod(std::string(bound.seconds)),
                     std::chrono::duration<double>(bound.time).count());
  }
}

TEST_F(StatisticsTest, AWorkerIsCountedInItsPoolAsBusyOrIdle) {
  WorkerSlot& first = free_slot(*statistics_);
  first.pid = 71;
  WorkerSlot& second = free_slot(*statistics_);
  second.pid = 72;
  second.pool = Pool::upload;
  ASSERT_NE(&first, &second);
  second.busy = true;
  EXPECT_EQ(occupancy(*statistics_, Pool::api).busy, 0);
  EXPECT_EQ(occupancy(*statistics_, Pool::api).idle, 1);
  EXPECT_EQ(occupancy(*statistics_, Pool::upload).busy, 1);
  EXPECT_EQ(occupancy(*statistics_, Pool::upload).idle, 0);
  EXPECT_EQ(occupancy(*statistics_, Pool::thumbnail).idle, 0);
  release_slot(*statistics_, 72);
  EXPECT_EQ(occupancy(*statistics_, Pool::upload).busy, 0);
  EXPECT_EQ(occupancy(*statistics_, Pool::api).idle, 1);
  EXPECT_EQ(&free_slot(*statistics_), &second);
  EXPECT_FALSE(second.busy);
}

TEST_F(StatisticsTest, WorkersThatFindNoFreeSlotShareTheLast) {
  for (std::size_t i = 0; i < kWorkerSlots + 3; ++i) {
    free_slot(*statistics_).pid = static_cast<std::int32_t>(i + 1);
  }
  EXPECT_EQ(occupancy(*statistics_, Pool::api).idle, static_cast<int>(kWorkerSlots));
  EXPECT_EQ(&free_slot(*statistics_), &statistics_->scoreboard.back());
}

}  // namespace
}  // namespace photodrop::testing
