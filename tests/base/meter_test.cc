#include "base/meter.h"

#include <gtest/gtest.h>

#include <thread>

namespace photodrop {
namespace {

using std::chrono::milliseconds;

TEST(Meter, AddsUpTheLivesOfItsStopwatches) {
  Meter meter;
  for (int i = 0; i < 2; ++i) {
    const Stopwatch running(meter);
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_GE(meter.time, milliseconds(10));
  EXPECT_EQ(meter.attempts, 0);
}

TEST(Meter, WhatOneRequestHasCostIsADifference) {
  const Meter before{milliseconds(70), 3, 1};
  const Meter after{milliseconds(100), 5, 2};
  const Meter cost = after - before;
  EXPECT_EQ(cost.time, milliseconds(30));
  EXPECT_EQ(cost.attempts, 2);
  EXPECT_EQ(cost.errors, 1);
}

}  // namespace
}  // namespace photodrop
