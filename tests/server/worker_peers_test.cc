// Peers that do not behave: whatever they do, the worker lives on and answers the next.
#include <gtest/gtest.h>

#include <functional>

#include "server/worker_fixture.h"

namespace photodrop::testing {
namespace {

using namespace std::string_view_literals;

class WorkerPeersTest : public WorkerTest {
 protected:
  // The worker that was there before answers.
  void expect_next_is_answered() {
    EXPECT_EQ(get("/pid").body(), std::to_string(worker().pid()));
  }
};

TEST_F(WorkerPeersTest, SurvivesOneThatConnectsAndLeaves) {
  FcgiClient(socket_).close();
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, SurvivesOneThatNeverSays) {
  const FcgiClient silent(socket_);
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, SurvivesManyThatNeverSay) {
  const FcgiClient silent[] = {FcgiClient(socket_), FcgiClient(socket_), FcgiClient(socket_)};
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, SurvivesOneThatStallsInTheHead) {
  FcgiClient half_a_header(socket_);
  half_a_header.raw("\1\1\0"sv);
  expect_next_is_answered();

  FcgiClient half_the_parameters(socket_);
  half_the_parameters.begin();
  half_the_parameters.raw("\1\4\0\1\0\x50\0\0\x0E\3REQUEST_ME"sv);
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, SurvivesOneThatStallsInTheBody) {
  FcgiClient client = begin_post("/echo", "1000");
  client.body("the first of the thousand");
  EXPECT_EQ(client.reply().output, "");
  expect_next_is_answered();
  const JsonValue line = log_line("/echo");
  EXPECT_EQ(line["status"].number(), 499);
  EXPECT_EQ(line["code"].text(), "client-left");
  EXPECT_EQ(line["cause"].text(), "the peer left, or stalled");
}

TEST_F(WorkerPeersTest, AreNotServedWhenTheyLeftBeforeTheirTurn) {
  FcgiClient first = begin_post("/hold", "0");
  told_.receive();
  { FcgiClient second = begin_post("/echo", "0"); }
  go_.send(1);
  EXPECT_EQ(first.reply().body(), "held");
  const JsonValue line = log_line("/echo");
  EXPECT_EQ(line["status"].number(), 499);
  EXPECT_EQ(line["cause"].text(), "the client left before its turn");
}

TEST_F(WorkerPeersTest, SurvivesOneThatLeavesInTheBody) {
  FcgiClient client = begin_post("/echo", "1000");
  client.body("the first of the thousand");
  client.close();
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, TakesABodyThatEndsEarlyForBroken) {
  FcgiClient client = begin_post("/echo", "1000");
  client.body("the first of the thousand");
  client.end_body();
  const FcgiReply reply = client.reply();
  EXPECT_FALSE(reply.complete);
  EXPECT_EQ(reply.output, "");
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, SurvivesAnAbortedRequest) {
  FcgiClient client = begin_post("/echo", "1000");
  client.raw("\1\2\0\1\0\0\0\0"sv);  // ABORT_REQUEST
  EXPECT_EQ(client.reply().output, "");
  expect_next_is_answered();
}

TEST_F(WorkerPeersTest, SurvivesOneThatReadsNoAnswer) {
  FcgiClient client = begin_post("/hold", "0");
  told_.receive();
  client.close();
  go_.send(1);
  expect_next_is_answered();
}

// The answer is larger than the socket's buffers, so that writing it stalls.
TEST_F(WorkerPeersTest, SurvivesOneThatStopsReading) {
  const std::string body(5 * 1024 * 1024, 'x');
  FcgiClient client = begin_post("/echo", std::to_string(body.size()));
  client.body(body);
  client.end_body();
  expect_next_is_answered();
  EXPECT_EQ(log_line("/echo")["cause"].text(), "the client is gone");
}

TEST_F(WorkerPeersTest, SurvivesWhatIsNotFastCgi) {
  for (const std::string_view bytes :
       {"GET / HTTP/1.1\r\nHost: photos.example\r\n\r\n"sv, "\0\0\0\0\0\0\0\0"sv, "\n"sv,
        "\1\5\0\1\0\1\0\0x"sv /* STDIN before BEGIN_REQUEST */,
        "\1\1\0\1\0\x08\0\0\0\x09\0\0\0\0\0\0"sv /* a role that there is not */,
        "\1\x09\0\0\0\x44\0\0"
        "\x0F\0FCGI_MPXS_CONNS\x0F\0FCGI_MPXS_CONNS"
        "\x0F\0FCGI_MPXS_CONNS\x0F\0FCGI_MPXS_CONNS"sv /* overflows libfcgi's stack */}) {
    FcgiClient client(socket_);
    client.raw(bytes);
    client.close();
    expect_next_is_answered();
  }
}

TEST_F(WorkerPeersTest, KeepsNoConnectionForOneThatWouldReuseIt) {
  FcgiClient client(socket_);
  client.raw("\1\1\0\1\0\x08\0\0\0\1\1\0\0\0\0\0"sv);  // BEGIN_REQUEST with KEEP_CONN
  client.params(request_params("GET", "/pid"));
  client.end_body();
  EXPECT_TRUE(client.reply().complete);  // at the connection's end
  expect_next_is_answered();
}

// After the first of each, for a worker's first request leaves a few open for good.
TEST_F(WorkerPeersTest, CostNoFileDescriptor) {
  const std::function<void()> requests[] = {
      [this] { get("/pid"); },
      [this] { get("/broken"); },
      [this] { post("/echo", std::string(kMaxBody + 1, 'x')); },
      [this] { begin_post("/echo", "-1").close(); },
      [this] { begin_post("/echo", "1000").close(); },
      [this] { FcgiClient(socket_).close(); },
  };
  for (const auto& request : requests) request();
  expect_next_is_answered();
  const int before = open_fds(worker().pid());
  for (int i = 0; i < 40; ++i) {
    for (const auto& request : requests) request();
  }
  expect_next_is_answered();
  EXPECT_TRUE(eventually([&] { return open_fds(worker().pid()) <= before; }))
      << before << " became " << open_fds(worker().pid());
}

}  // namespace
}  // namespace photodrop::testing
