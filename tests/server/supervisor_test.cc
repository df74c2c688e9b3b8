#include "server/supervisor.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <stdexcept>

#include "server/supervisor_fixture.h"

namespace photodrop::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Whatever a loaded machine takes, a worker that ends by itself ended at once.
constexpr SupervisorOptions kOneFailing{.workers = {{1, 0, 0}},
                                        .healthy_age = hours(1),
                                        .first_pause = milliseconds(10),
                                        .longest_pause = milliseconds(40)};

int fail() {
  return 3;
}

TEST_F(SupervisorTest, KeepsAsManyWorkersAsItIsTold) {
  start({.workers = {{3, 0, 0}}}, wait_for_stop);
  EXPECT_EQ(receive_pids(3).size(), 3U);
  EXPECT_EQ(stop(), 0);
  EXPECT_TRUE(started_.empty());
}

TEST_F(SupervisorTest, KeepsTheWorkersOfEachPool) {
  start({.workers = {{1, 3, 2}}, .first_pause = milliseconds(1)}, wait_for_stop);
  const auto workers = receive_pids(6);
  pid_t victim = 0;
  for (const WorkerSlot& slot : statistics().scoreboard) {
    if (slot.pid != 0 && slot.pool == Pool::thumbnail) victim = slot.pid;
  }
  ASSERT_EQ(workers.count(victim), 1U);
  kill(victim, SIGKILL);
  receive_pids(1);
  EXPECT_EQ(events("worker died").at(0)["pool"].text(), "thumbnail");
  EXPECT_TRUE(eventually([&] {
    return occupancy(statistics(), Pool::api).idle == 1 &&
           occupancy(statistics(), Pool::upload).idle == 3 &&
           occupancy(statistics(), Pool::thumbnail).idle == 2;
  }));
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, ReplacesAWorkerThatIsKilled) {
  start({.workers = {{2, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop);
  const pid_t victim = started_.receive();
  const pid_t other = started_.receive();
  kill(victim, SIGKILL);
  const pid_t replacement = started_.receive();
  EXPECT_NE(replacement, victim);
  EXPECT_NE(replacement, other);
  EXPECT_FALSE(exists(victim));  // nor is it a zombie
  EXPECT_TRUE(exists(other));
  const auto died = events("worker died");
  ASSERT_EQ(died.size(), 1U);
  EXPECT_EQ(died[0]["worker"].number(), victim);
  EXPECT_EQ(died[0]["signal"].number(), SIGKILL);
  EXPECT_EQ(died[0]["exit_status"].number(), 0);
}

// Of signals that wait for a process, several of one kind count as one.
TEST_F(SupervisorTest, ReplacesAllThatDieTogether) {
  start({.workers = {{3, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop);
  const auto victims = receive_pids(3);
  supervisor().signal(SIGSTOP);
  for (const pid_t victim : victims) {
    kill(victim, SIGKILL);
    EXPECT_TRUE(ends(victim));
  }
  supervisor().signal(SIGCONT);
  EXPECT_EQ(receive_pids(3).size(), 3U);
  EXPECT_EQ(events("worker died").size(), 3U);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, ReplacesOneThatIsToldToEndBehindItsBack) {
  start({.workers = {{1, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop);
  const pid_t victim = started_.receive();
  kill(victim, SIGTERM);
  EXPECT_NE(started_.receive(), victim);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, PausesLongerAndLongerForOneThatDiesAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  start(kOneFailing, fail);
  EXPECT_EQ(receive_pids(6).size(), 6U);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(10 + 20 + 40 + 40 + 40));
  const auto died = wait_for_events("worker died", 5);
  ASSERT_GE(died.size(), 5U);
  const std::int64_t pauses[] = {10, 20, 40, 40, 40};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(died[i]["replaced_in_ms"].number(), pauses[i]);
    EXPECT_EQ(died[i]["exit_status"].number(), 3);
    EXPECT_EQ(died[i]["signal"].number(), 0);
  }
}

TEST_F(SupervisorTest, TellsAWorkerThatItsWatchdogHasEnded) {
  start({.workers = {{1, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop);
  kill(started_.receive(), SIGALRM);
  started_.receive();
  EXPECT_EQ(wait_for_events("worker killed by its watchdog", 1)[0]["signal"].number(), SIGALRM);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, DoesNotPauseForOneThatLivedLongEnough) {
  SupervisorOptions options = kOneFailing;
  options.healthy_age = milliseconds(0);
  start(options, fail);
  EXPECT_EQ(receive_pids(4).size(), 4U);
  for (const JsonValue& died : wait_for_events("worker died", 3)) {
    EXPECT_EQ(died["replaced_in_ms"].number(), 0);
  }
}

TEST_F(SupervisorTest, KeepsTheOldWorkersWhileNewOnesDieAtOnce) {
  has_old_worker_ = true;
  start(kOneFailing, fail);
  const pid_t old = old_.receive();
  EXPECT_EQ(receive_pids(5).size(), 5U);
  EXPECT_TRUE(exists(old));
  EXPECT_TRUE(events("old workers ended").empty());
  EXPECT_EQ(stop(), 0);
  EXPECT_FALSE(exists(old));
}

TEST_F(SupervisorTest, EndsTheOldWorkersOnceANewOneHasLivedLongEnough) {
  has_old_worker_ = true;
  start({.workers = {{1, 0, 0}}, .healthy_age = milliseconds(1)}, wait_for_stop);
  const pid_t old = old_.receive();
  wait_for_events("old workers ended", 1);
  EXPECT_FALSE(exists(old));
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, KeepsTheOldWorkersUntilEachPoolHasAGoodNewOne) {
  has_old_worker_ = true;
  SupervisorOptions options = kOneFailing;
  options.workers = {{1, 1, 0}};
  options.first_pause = options.longest_pause = hours(1);
  Channel recycled;  // the first worker of the pool `api` has done its work at once
  recycled.send(0);
  start(options, [&] {
    if (pool_ == Pool::upload) return fail();
    return recycled.empty() ? wait_for_stop() : recycled.receive();
  });
  const pid_t old = old_.receive();
  receive_pids(3);
  wait_for_events("worker ended", 1);
  wait_for_events("worker died", 1);
  EXPECT_TRUE(exists(old));
  EXPECT_EQ(stop(), 0);
  EXPECT_FALSE(exists(old));
}

TEST_F(SupervisorTest, PausesForOneWorkerWithoutKeepingTheOthersWaiting) {
  SupervisorOptions options = kOneFailing;
  options.workers = {{2, 0, 0}};
  options.first_pause = options.longest_pause = hours(1);
  Channel failing;
  failing.send(1);
  start(options, [&] { return failing.empty() ? wait_for_stop() : failing.receive(); });
  EXPECT_EQ(receive_pids(2).size(), 2U);
  EXPECT_EQ(wait_for_events("worker died", 1)[0]["replaced_in_ms"].number(), 3600000);
  EXPECT_EQ(stop(), 0);
  EXPECT_TRUE(started_.empty());
}

TEST_F(SupervisorTest, LogsWhatAWorkerThrowsAndReplacesIt) {
  start(kOneFailing, []() -> int { throw std::runtime_error("no luck"); });
  EXPECT_EQ(receive_pids(2).size(), 2U);
  EXPECT_EQ(wait_for_events("worker failed", 1)[0]["cause"].text(), "no luck");
  EXPECT_EQ(wait_for_events("worker died", 1)[0]["exit_status"].number(), 1);
}

// As `nohup` and some shells do.
TEST_F(SupervisorTest, WorksUnderAParentThatLeftSignalsIgnored) {
  start({.workers = {{1, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop, [] {
    for (const int ignored : {SIGCHLD, SIGTERM, SIGHUP}) signal(ignored, SIG_IGN);
  });
  const pid_t victim = started_.receive();
  kill(victim, SIGKILL);
  EXPECT_NE(started_.receive(), victim);
  EXPECT_EQ(stop(), 0);
}

TEST_F(SupervisorTest, GoesOnWhenNobodyReadsItsLog) {
  start({.workers = {{1, 0, 0}}, .first_pause = milliseconds(1)}, wait_for_stop, [] {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0) std::abort();
    close(ends[0]);
    close(ends[1]);
  });
  const pid_t victim = started_.receive();
  kill(victim, SIGKILL);
  EXPECT_NE(started_.receive(), victim);
  EXPECT_EQ(stop(), 0);
}

void limit_processes(bool limited) {
  rlimit limit{};
  getrlimit(RLIMIT_NPROC, &limit);
  limit.rlim_cur = limited ? 0 : limit.rlim_max;
  setrlimit(RLIMIT_NPROC, &limit);
}

// Until SIGUSR2. The limit does not hold for root.
void allow_no_more_processes() {
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) std::abort();
  prctl(PR_SET_DUMPABLE, 1);  // LeakSanitizer looks into its own process
  signal(SIGUSR2, [](int) { limit_processes(false); });
  limit_processes(true);
}

TEST_F(SupervisorTest, TriesAgainWhenItCannotFork) {
  start({.workers = {{1, 0, 0}}}, wait_for_stop, allow_no_more_processes);
  EXPECT_EQ(wait_for_events("cannot fork", 1)[0]["errno"].number(), EAGAIN);
  EXPECT_TRUE(started_.empty());
  supervisor().signal(SIGUSR2);
  EXPECT_GT(started_.receive(), 0);
  EXPECT_EQ(stop(), 0);
}

}  // namespace
}  // namespace photodrop::testing
