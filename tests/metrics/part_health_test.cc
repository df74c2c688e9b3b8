// Who probes a part, and when.
#include "metrics/part_health.h"

#include <gtest/gtest.h>

#include <memory>

namespace photodrop {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class PartHealthTest : public ::testing::Test {
 protected:
  bool claim() { return claim_probe(*health_, now_); }
  void finish(ProbeResult result) { finish_probe(*health_, result, now_); }

  std::unique_ptr<PartHealth> health_ = std::make_unique<PartHealth>();
  steady_clock::time_point now_ = steady_clock::time_point(std::chrono::hours(1));
};

TEST_F(PartHealthTest, IsNotGoodBeforeTheFirstProbe) {
  EXPECT_FALSE(health_->is_good());
  ASSERT_TRUE(claim());
  finish(ProbeResult::good);
  EXPECT_TRUE(health_->is_good());
}

TEST_F(PartHealthTest, APartThatIsGoodIsProbedWhenSomebodyAsks) {
  ASSERT_TRUE(claim());
  finish(ProbeResult::good);
  now_ += kProbeInterval;
  EXPECT_FALSE(claim());
  health_->is_probe_wanted = true;
  EXPECT_TRUE(claim());
  EXPECT_FALSE(health_->is_probe_wanted);
}

TEST_F(PartHealthTest, OneProbeRunsAtATimeAndOneASecond) {
  ASSERT_TRUE(claim());
  now_ += kProbeInterval;
  EXPECT_FALSE(claim()) << "the first still runs";
  finish(ProbeResult::failed);
  now_ += kProbeInterval - milliseconds(1);
  EXPECT_FALSE(claim());
  now_ += milliseconds(1);
  EXPECT_TRUE(claim()) << "a part that failed is probed until it is good";
}

TEST_F(PartHealthTest, AProbeWhoseWorkerDiedIsOverAfterAWhile) {
  ASSERT_TRUE(claim());
  now_ += kLongestProbe;
  EXPECT_TRUE(claim());
}

TEST_F(PartHealthTest, AnOpenBreakerIsProbedAndIsNotGood) {
  ASSERT_TRUE(claim());
  finish(ProbeResult::good);
  for (std::uint32_t i = 0; i < CircuitBreaker::kThreshold; ++i) {
    health_->breaker.record_failure("store", "no answer");
  }
  EXPECT_FALSE(health_->is_good());
  now_ += kProbeInterval;
  EXPECT_TRUE(claim());
  health_->breaker.record_success("store");
  finish(ProbeResult::good);
  EXPECT_TRUE(health_->is_good());
}

}  // namespace
}  // namespace photodrop
