// When a part counts as unavailable, and when no longer.
#include "base/circuit_breaker.h"

#include <gtest/gtest.h>

#include <memory>

#include "support/json_fixture.h"
#include "support/log_capture.h"

namespace photodrop::testing {
namespace {

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void fail(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) breaker_->record_failure("store", "no answer");
  }

  std::unique_ptr<CircuitBreaker> breaker_ = std::make_unique<CircuitBreaker>();
};

TEST_F(CircuitBreakerTest, OpensAfterAsManyConsecutiveFailuresAsTheThresholdSays) {
  fail(CircuitBreaker::kThreshold - 1);
  EXPECT_FALSE(breaker_->is_open());
  fail(1);
  EXPECT_TRUE(breaker_->is_open());
  EXPECT_EQ(breaker_->times_opened(), 1U);
}

TEST_F(CircuitBreakerTest, ASuccessBetweenFailuresKeepsItClosed) {
  for (int i = 0; i < 10; ++i) {
    fail(CircuitBreaker::kThreshold - 1);
    breaker_->record_success("store");
  }
  EXPECT_FALSE(breaker_->is_open());
  EXPECT_EQ(breaker_->times_opened(), 0U);
}

TEST_F(CircuitBreakerTest, TheFirstSuccessClosesIt) {
  for (const std::uint64_t times : {1U, 2U}) {
    fail(CircuitBreaker::kThreshold);
    EXPECT_TRUE(breaker_->is_open());
    EXPECT_EQ(breaker_->times_opened(), times);
    breaker_->record_success("store");
    EXPECT_FALSE(breaker_->is_open());
  }
}

TEST_F(CircuitBreakerTest, EachChangeOfStateIsOneLineInTheLog) {
  const LogCapture log;
  fail(3 * CircuitBreaker::kThreshold);
  const JsonValue opened = parse_json(log.next_write());
  EXPECT_EQ(opened["level"].text(), "error");
  EXPECT_EQ(opened["event"].text(), "circuit breaker opened");
  EXPECT_EQ(opened["part"].text(), "store");
  EXPECT_EQ(opened["cause"].text(), "no answer");
  breaker_->record_success("store");
  breaker_->record_success("store");
  EXPECT_EQ(parse_json(log.next_write())["event"].text(), "circuit breaker closed");
  EXPECT_EQ(log.next_write(), "");
}

}  // namespace
}  // namespace photodrop::testing
