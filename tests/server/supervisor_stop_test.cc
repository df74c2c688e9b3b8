// How the service ends: in order, in time, and without a process left behind.
#include <gtest/gtest.h>

#include <stdexcept>

#include "server/supervisor_fixture.h"

namespace photodrop::testing {
namespace {

using std::chrono::milliseconds;

using SupervisorStopTest = SupervisorTest;

TEST_F(SupervisorStopTest, StopsAtSigtermAndLeavesNoWorker) {
  start({.workers = {{3, 0, 0}}}, wait_for_stop);
  const auto workers = receive_pids(3);
  EXPECT_EQ(stop(SIGTERM), 0);
  for (const pid_t worker : workers) EXPECT_FALSE(exists(worker));
  EXPECT_EQ(events("supervisor stopped").size(), 1U);
  EXPECT_EQ(events("worker died").size(), 0U);
}

TEST_F(SupervisorStopTest, StopsAtSigint) {
  start({.workers = {{1, 0, 0}}}, wait_for_stop);
  const pid_t worker = started_.receive();
  EXPECT_EQ(stop(SIGINT), 0);
  EXPECT_FALSE(exists(worker));
}

TEST_F(SupervisorStopTest, DoesNotMindOtherSignals) {
  start({.workers = {{1, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop);
  const pid_t worker = started_.receive();
  for (const int signal : {SIGHUP, SIGUSR1, SIGCHLD, SIGPIPE}) supervisor().signal(signal);
  kill(worker, SIGKILL);
  EXPECT_NE(started_.receive(), worker);
  EXPECT_EQ(stop(), 0);
}

// Ctrl-C in a terminal reaches every process, not the supervisor alone.
TEST_F(SupervisorStopTest, LeavesItToTheSupervisorToStopAWorker) {
  start({.workers = {{1, 0, 0}}}, wait_for_stop);
  const pid_t worker = started_.receive();
  for (const int signal : {SIGINT, SIGHUP, SIGUSR1}) kill(worker, signal);
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(events("worker died").size(), 0U);
}

TEST_F(SupervisorStopTest, LetsAWorkerFinishWhatIsInFlight) {
  Channel go;
  Channel finished;
  start({.workers = {{1, 0, 0}}}, [&] {
    finished.send(go.receive());
    return 0;
  });
  const pid_t worker = started_.receive();
  supervisor().signal(SIGTERM);
  wait_for_events("supervisor stopping", 1);
  EXPECT_TRUE(exists(worker));
  go.send(7);
  EXPECT_EQ(finished.receive(), 7);
  EXPECT_EQ(supervisor().wait(), 0);
}

TEST_F(SupervisorStopTest, ReplacesNoWorkerAnyMore) {
  Channel go;
  start({.workers = {{2, 0, 0}}, .first_pause = milliseconds(1)}, [&] { return go.receive(); });
  EXPECT_EQ(receive_pids(2).size(), 2U);
  supervisor().signal(SIGTERM);
  wait_for_events("supervisor stopping", 1);
  go.send(1);
  go.send(1);
  EXPECT_EQ(supervisor().wait(), 0);
  EXPECT_TRUE(started_.empty());
}

TEST_F(SupervisorStopTest, TellsOfAWorkerThatDiesInTheMeantime) {
  Channel go;
  start({.workers = {{1, 0, 0}}}, [&] { return go.receive(); });
  const pid_t worker = started_.receive();
  supervisor().signal(SIGTERM);
  wait_for_events("supervisor stopping", 1);
  go.send(3);
  EXPECT_EQ(supervisor().wait(), 0);
  const auto died = events("worker died");
  ASSERT_EQ(died.size(), 1U);
  EXPECT_EQ(died[0]["worker"].number(), worker);
  EXPECT_EQ(died[0]["exit_status"].number(), 3);
  EXPECT_THROW(died[0]["replaced_in_ms"], std::runtime_error);
}

TEST_F(SupervisorStopTest, KillsAWorkerThatDoesNotEndInTime) {
  Channel never;
  const auto begin = std::chrono::steady_clock::now();
  start({.workers = {{2, 0, 0}}, .drain = milliseconds(300)}, [&] {
    never.hold();
    return 0;
  });
  const auto workers = receive_pids(2);
  EXPECT_EQ(stop(), 1);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(300));
  for (const pid_t worker : workers) EXPECT_FALSE(exists(worker));
  EXPECT_EQ(events("workers did not finish in time and are killed").size(), 1U);
}

TEST_F(SupervisorStopTest, StopsWhileAWorkerWaitsToBeReplaced) {
  start({.workers = {{1, 0, 0}},
         .healthy_age = std::chrono::hours(1),
         .first_pause = std::chrono::hours(1),
         .longest_pause = std::chrono::hours(1)},
        [] { return 1; });
  started_.receive();
  wait_for_events("worker died", 1);
  EXPECT_EQ(stop(), 0);
  EXPECT_TRUE(started_.empty());
}

TEST_F(SupervisorStopTest, WorkersEndByThemselvesWhenItIsKilled) {
  start({.workers = {{2, 0, 0}}}, wait_for_stop);
  const auto workers = receive_pids(2);
  EXPECT_EQ(stop(SIGKILL), -SIGKILL);
  for (const pid_t worker : workers) EXPECT_TRUE(ends(worker));
}

TEST_F(SupervisorStopTest, AWorkerWhoseSupervisorIsKilledFinishesWhatIsInFlight) {
  Channel go;
  Channel finished;
  start({.workers = {{1, 0, 0}}}, [&] {
    finished.send(go.receive());
    return wait_for_stop();
  });
  const pid_t worker = started_.receive();
  EXPECT_EQ(stop(SIGKILL), -SIGKILL);
  go.send(7);
  EXPECT_EQ(finished.receive(), 7);
  EXPECT_TRUE(ends(worker));
}

}  // namespace
}  // namespace photodrop::testing
