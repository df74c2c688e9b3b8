// What the worker counts.
#include <gtest/gtest.h>

#include "server/worker_fixture.h"

namespace photodrop::testing {
namespace {

class WorkerStatisticsTest : public WorkerTest {
 protected:
  const OperationCounters& others() const { return statistics().operations.back(); }

  std::uint64_t requests(const OperationCounters& operation, int status) const {
    return operation.by_status[static_cast<std::size_t>(status - kFirstStatus)];
  }

  // A request is counted when its answer has gone out.
  void expect_counted(const OperationCounters& operation, int status) const {
    EXPECT_TRUE(eventually([&] { return requests(operation, status) == 1; })) << status;
  }
};

TEST_F(WorkerStatisticsTest, CountsARequestWithItsBytes) {
  const FcgiReply reply = post("/echo", "12345");
  expect_counted(others(), 200);
  EXPECT_EQ(others().bytes_in, 5U);
  EXPECT_EQ(others().bytes_out, reply.output.size());
  EXPECT_GT(others().time.nanoseconds, 0U);
  EXPECT_EQ(statistics().store.attempts, 0U);
}

TEST_F(WorkerStatisticsTest, CountsWhatARequestHasCost) {
  get("/costly");
  expect_counted(others(), 200);
  EXPECT_EQ(statistics().store.attempts, 1U);
  EXPECT_EQ(statistics().store.time.nanoseconds, 7'000'000'000U);
  EXPECT_EQ(statistics().database.attempts, 1U);
  EXPECT_EQ(statistics().database.time.nanoseconds, 5'000'000'000U);
}

TEST_F(WorkerStatisticsTest, CountsAClientThatLeft) {
  { const FcgiClient client = begin_post("/echo", "100"); }
  expect_counted(others(), 499);
}

TEST_F(WorkerStatisticsTest, IsBusyWhileItAnswers) {
  statistics().scoreboard[0].pid = worker().pid();
  FcgiClient client(socket_);
  client.begin();
  client.params(request_params("GET", "/hold"));
  client.end_body();
  told_.receive();
  EXPECT_EQ(occupancy(statistics(), Pool::api).busy, 1);
  go_.send(1);
  client.reply();
  EXPECT_TRUE(eventually([&] { return occupancy(statistics(), Pool::api).idle == 1; }));
}

TEST_F(WorkerStatisticsTest, WhatIsRoutineIsCountedButNotLogged) {
  get("/routine");
  get("/echo");
  log_line("/echo");
  EXPECT_EQ(dir_.read("log").find("/routine"), std::string::npos);
  EXPECT_EQ(requests(statistics().operations[6], 200), 1U);  // GET /healthz
}

}  // namespace
}  // namespace photodrop::testing
