// SIGTERM ends a worker between two requests: soon, and never within one.
#include <gtest/gtest.h>

#include <chrono>
#include <list>
#include <thread>

#include "server/worker_fixture.h"

namespace photodrop::testing {
namespace {

using WorkerStopTest = WorkerTest;

TEST_F(WorkerStopTest, EndsWhileIdle) {
  get("/pid");
  worker().signal(SIGTERM);
  EXPECT_EQ(worker().wait(), 0);
}

TEST_F(WorkerStopTest, EndsWhenToldBeforeItsFirstWait) {
  worker().signal(SIGTERM);
  EXPECT_EQ(worker().wait(), 0);
}

TEST_F(WorkerStopTest, AnswersTheRequestInHand) {
  FcgiClient client = begin_post("/hold", "0");
  told_.receive();
  worker().signal(SIGTERM);
  go_.send(1);
  const FcgiReply reply = client.reply();
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.body(), "held");
  EXPECT_EQ(worker().wait(), 0);
}

// The first half is gone from the socket's buffers only when the worker reads it: the signal
// comes in the middle of that.
TEST_F(WorkerStopTest, ReadsTheBodyToItsEnd) {
  const std::string half(2 * 1024 * 1024, 'x');
  FcgiClient client = begin_post("/echo", std::to_string(2 * half.size()));
  client.body(half);
  worker().signal(SIGTERM);
  client.body(half);
  client.end_body();
  const FcgiReply reply = client.reply();
  EXPECT_EQ(reply.status(), 200);
  EXPECT_TRUE(reply.body() == half + half);
  EXPECT_EQ(worker().wait(), 0);
}

TEST_F(WorkerStopTest, EndsWithASilentPeerConnected) {
  const int before = open_fds(worker().pid());
  const FcgiClient silent(socket_);
  wait_until_taken(before);
  worker().signal(SIGTERM);
  EXPECT_EQ(worker().wait(), 0);
}

TEST_F(WorkerStopTest, EndsWithAPeerThatStallsInTheBody) {
  const int before = open_fds(worker().pid());
  FcgiClient client = begin_post("/echo", "1000");
  client.body("the first of the thousand");
  wait_until_taken(before);
  worker().signal(SIGTERM);
  EXPECT_EQ(worker().wait(), 0);
}

// A queue that is never empty must not keep it.
TEST_F(WorkerStopTest, LeavesTheQueueToOthers) {
  FcgiClient in_hand = begin_post("/hold", "0");
  told_.receive();
  FcgiClient waiting = begin_post("/hold", "0");
  worker().signal(SIGTERM);
  go_.send(1);
  EXPECT_EQ(in_hand.reply().body(), "held");
  EXPECT_EQ(worker().wait(), 0);
  EXPECT_TRUE(told_.empty());
}

class TwoWorkersStopTest : public WorkerTest {
 protected:
  TwoWorkersStopTest() : WorkerTest(2) {}
};

// The one that stops and the one that stays are each in the middle of a request when a third
// comes in.
TEST_F(TwoWorkersStopTest, LosesNoRequestToTheOneThatStops) {
  FcgiClient first = begin_post("/hold", "0");
  const int stopping = told_.receive();
  FcgiClient second = begin_post("/hold", "0");
  const int staying = told_.receive();
  FcgiClient third = begin_post("/pid", "0");
  ChildProcess& leaver = worker(worker(0).pid() == stopping ? 0 : 1);
  leaver.signal(SIGTERM);
  go_.send(1);
  go_.send(1);
  EXPECT_EQ(leaver.wait(), 0);
  EXPECT_EQ(third.reply().body(), std::to_string(staying));
  EXPECT_EQ(first.reply().body(), "held");
  EXPECT_EQ(second.reply().body(), "held");
}

class WatchdogTest : public WorkerTest {
 protected:
  WatchdogTest() : WorkerTest(1, std::chrono::seconds(1)) {}
};

TEST_F(WatchdogTest, EndsAWorkerThatIsBusyForTooLong) {
  FcgiClient client = begin_post("/hold", "0");
  told_.receive();
  EXPECT_EQ(worker().wait(), -SIGALRM);
  EXPECT_FALSE(client.reply().complete);
}

// A peer that sends a byte now and then, each within its time-out.
TEST_F(WatchdogTest, EndsAWorkerWhoseBodyTricklesIn) {
  FcgiClient client = begin_post("/echo", "100");
  const auto trickle = [&] {
    for (int i = 0; i < 50; ++i) {
      client.body("x");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  };
  EXPECT_THROW(trickle(), std::runtime_error);
  EXPECT_EQ(worker().wait(), -SIGALRM);
}

TEST_F(WatchdogTest, LeavesAWorkerAloneThatWaits) {
  get("/pid");
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_EQ(get("/pid").status(), 200);
}

}  // namespace
}  // namespace photodrop::testing
