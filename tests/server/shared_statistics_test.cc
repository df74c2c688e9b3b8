#include "server/shared_statistics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "support/process.h"

namespace photodrop::testing {
namespace {

constexpr const char* kVariable = "PHOTODROP_STATISTICS";

std::uint64_t restarts(const SharedStatistics& shared) {
  return shared.get().restarts[static_cast<std::size_t>(Restart::exit)];
}

// What the successor finds when it was left this: the descriptor is its own, to be closed.
std::uint64_t inherited_restarts(int fd) {
  setenv(kVariable, std::to_string(fcntl(fd, F_DUPFD_CLOEXEC, 10)).c_str(), 1);
  return restarts(SharedStatistics());
}

class SharedStatisticsTest : public ::testing::Test {
 protected:
  ~SharedStatisticsTest() override { unsetenv(kVariable); }

  // The number that pass_on() has left.
  static int left_fd() { return std::stoi(getenv(kVariable)); }

  SharedStatistics shared_;
};

TEST_F(SharedStatisticsTest, BeginAtZero) {
  EXPECT_EQ(restarts(shared_), 0U);
  EXPECT_EQ(occupancy(shared_.get(), Pool::api).idle, 0);
}

TEST_F(SharedStatisticsTest, AProcessThatIsKilledHasCountedAllTheSame) {
  ChildProcess child([this] {
    count_restart(shared_.get(), Restart::exit);
    return kill(getpid(), SIGKILL);
  });
  EXPECT_EQ(child.wait(), -SIGKILL);
  EXPECT_EQ(restarts(shared_), 1U);
}

TEST_F(SharedStatisticsTest, ASuccessorGoesOnWithThem) {
  count_restart(shared_.get(), Restart::exit);
  shared_.pass_on();
  setenv(kVariable, std::to_string(fcntl(left_fd(), F_DUPFD, 10)).c_str(), 1);
  const SharedStatistics successor;
  EXPECT_EQ(restarts(successor), 1U);
  count_restart(shared_.get(), Restart::exit);  // by a worker of the old generation
  EXPECT_EQ(restarts(successor), 2U);
  EXPECT_EQ(getenv(kVariable), nullptr);  // no child shall believe it to be its own
}

TEST_F(SharedStatisticsTest, AreInheritedByTheSuccessorAlone) {
  shared_.pass_on();
  const int fd = left_fd();
  EXPECT_EQ(fcntl(fd, F_GETFD), 0);
  shared_.stop_passing_on();
  EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(getenv(kVariable), nullptr);
}

TEST_F(SharedStatisticsTest, LeaveTheDescriptorsOfSystemdsProtocolAlone) {
  shared_.pass_on();
  EXPECT_GE(left_fd(), 10);
}

TEST_F(SharedStatisticsTest, ThoseThatCountOtherThingsAreNotTaken) {
  count_restart(shared_.get(), Restart::exit);
  shared_.pass_on();
  const int fd = left_fd();
  EXPECT_EQ(inherited_restarts(fd), 1U);
  const std::uint64_t other_layout = statistics_layout() + 1;
  ASSERT_EQ(pwrite(fd, &other_layout, sizeof other_layout, 0),
            static_cast<ssize_t>(sizeof other_layout));
  EXPECT_EQ(inherited_restarts(fd), 0U);
}

TEST_F(SharedStatisticsTest, WhatIsOfAnotherSizeIsNotTaken) {
  const UniqueFd small(memfd_create("small", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const std::uint64_t layout = statistics_layout();
  ASSERT_EQ(pwrite(small.get(), &layout, sizeof layout, 0),
            static_cast<ssize_t>(sizeof layout));
  EXPECT_EQ(inherited_restarts(small.get()), 0U);
}

TEST_F(SharedStatisticsTest, ANumberThatNamesNothingOfOursIsPassedOver) {
  for (const char* const left : {"", "many", "-1", "0", "987654"}) {
    setenv(kVariable, left, 1);
    EXPECT_EQ(restarts(SharedStatistics()), 0U) << left;
  }
  const UniqueFd stranger(open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_EQ(inherited_restarts(stranger.get()), 0U);
}

}  // namespace
}  // namespace photodrop::testing
