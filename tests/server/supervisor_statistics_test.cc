// What the supervisor counts, and where its workers sit.
#include <gtest/gtest.h>

#include "server/supervisor_fixture.h"

namespace photodrop::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class SupervisorStatisticsTest : public SupervisorTest {
 protected:
  bool are(int busy, int idle, Pool pool = Pool::api) const {
    const Occupancy found = occupancy(statistics(), pool);
    return found.busy == busy && found.idle == idle;
  }
};

TEST_F(SupervisorStatisticsTest, EachWorkerHasASlotInTheScoreboard) {
  start({.workers = {{3, 2, 1}}}, wait_for_stop);
  receive_pids(6);
  EXPECT_TRUE(eventually(
      [&] { return are(0, 3) && are(0, 2, Pool::upload) && are(0, 1, Pool::thumbnail); }));
  EXPECT_EQ(stop(), 0);
  EXPECT_TRUE(are(0, 0) && are(0, 0, Pool::upload) && are(0, 0, Pool::thumbnail));
}

TEST_F(SupervisorStatisticsTest, AWorkerThatIsKilledDoesNotStayBusy) {
  worker_is_busy_ = true;
  start({.workers = {{2, 0, 0}}, .first_pause = hours(1), .longest_pause = hours(1)},
        wait_for_stop);
  const auto workers = receive_pids(2);
  EXPECT_TRUE(eventually([&] { return are(2, 0); }));
  kill(*workers.begin(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return are(1, 0); }));
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorStatisticsTest, AWorkerIsCountedByHowItEnded) {
  Channel how;
  start({.workers = {{1, 0, 0}},
         .first_pause = milliseconds(1),
         .longest_pause = milliseconds(1)},
        [&] {
          const int number = how.receive();
          return number > 1 ? kill(getpid(), number) : number;
        });
  for (const int number : {0, 0, 0, 1, 1, SIGKILL, SIGALRM}) how.send(number);
  wait_for_events("worker killed by its watchdog", 1);
  receive_pids(8);
  EXPECT_EQ(restarts(Restart::recycled), 3U);
  EXPECT_EQ(restarts(Restart::exit), 2U);
  EXPECT_EQ(restarts(Restart::signal), 1U);
  EXPECT_EQ(restarts(Restart::watchdog), 1U);
  how.send(0);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorStatisticsTest, TheEndOfAllIsNoRestart) {
  start({.workers = {{2, 0, 0}}}, wait_for_stop);
  receive_pids(2);
  EXPECT_EQ(stop(), 0);
  for (const Counter& counter : statistics().restarts) EXPECT_EQ(counter, 0U);
}

}  // namespace
}  // namespace photodrop::testing
