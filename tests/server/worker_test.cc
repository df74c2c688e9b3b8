#include "server/worker.h"

#include <gtest/gtest.h>

#include "server/worker_fixture.h"
#include "support/json_fixture.h"

namespace photodrop::testing {
namespace {

constexpr std::size_t kFiveMebibytes = 5 * 1024 * 1024;

// Bytes that repeat with no period a buffer could have.
std::string many_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

TEST_F(WorkerTest, CallsBackBetweenRequestsAndOnceWhenItIsIdle) {
  EXPECT_EQ(get("/pid").body(), std::to_string(worker().pid()));
  EXPECT_EQ(between_requests_.receive(), worker().pid()) << "after the response";
  EXPECT_EQ(between_requests_.receive(), worker().pid()) << "while it waits";
  EXPECT_EQ(idle_.receive(), worker().pid());
  EXPECT_EQ(between_requests_.receive(), worker().pid());
  EXPECT_TRUE(idle_.empty());
  const std::string body(kMaxBody, 'x');
  EXPECT_TRUE(post("/echo", body).body() == body) << "with a new buffer";
  EXPECT_EQ(idle_.receive(), worker().pid()) << "and again after the next request";
}

TEST_F(WorkerTest, AnswersAGet) {
  const FcgiReply reply = get("/missing");
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.head(),
            "Status: 404 Not Found\r\nX-Path: /missing\r\nContent-Length: 12\r\n\r\n");
  EXPECT_EQ(reply.body(), "nothing here");
}

TEST_F(WorkerTest, HandsOverABodyOfAnySizeIntact) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{8192},
                                 std::size_t{65536}, kFiveMebibytes, std::size_t{3}}) {
    const std::string body = many_bytes(size);
    const FcgiReply reply = post("/echo", body);
    EXPECT_EQ(reply.status(), 200);
    EXPECT_TRUE(reply.body() == body) << "of " << size << " bytes came " << reply.body().size();
  }
}

TEST_F(WorkerTest, TakesABodyOfTheLargestSizeAndNoLarger) {
  EXPECT_EQ(post("/echo", std::string(kMaxBody, 'x')).body().size(), kMaxBody);
  const FcgiReply reply = post("/echo", std::string(kMaxBody + 1, 'x'));
  EXPECT_EQ(reply.status(), 413);
  EXPECT_EQ(parse_json(reply.body())["code"].text(), "too-large");
}

// The client has sent no byte of it when the answer comes.
TEST_F(WorkerTest, RefusesWhatIsTooLargeWithoutReadingIt) {
  FcgiClient client = begin_post("/echo", "2147483648");
  const FcgiReply reply = client.reply();
  EXPECT_EQ(reply.status(), 413);
  EXPECT_TRUE(reply.complete);
}

TEST_F(WorkerTest, RefusesAContentLengthThatIsNone) {
  for (const char* const length :
       {"-1", "abc", "12x", "+5", " 7", "1.5", "0x10", "5, 5", "99999999999999999999"}) {
    FcgiClient client = begin_post("/echo", length);
    client.end_body();
    const FcgiReply reply = client.reply();
    EXPECT_EQ(reply.status(), 400) << length;
    const JsonValue problem = parse_json(reply.body());
    EXPECT_EQ(problem["code"].text(), "malformed-upload");
    EXPECT_EQ(problem["request_id"].text(), "0123456789abcdef0123456789abcdef");
  }
}

TEST_F(WorkerTest, TakesAMissingContentLengthForNoBody) {
  FcgiClient client(socket_);
  client.begin();
  client.params({{"REQUEST_METHOD", "POST"}, {"DOCUMENT_URI", "/echo"}});
  client.end_body();
  const FcgiReply reply = client.reply();
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.body(), "");
}

TEST_F(WorkerTest, ReadsNoMoreThanContentLength) {
  FcgiClient client = begin_post("/echo", "5");
  client.body("12345678");
  client.end_body();
  EXPECT_EQ(client.reply().body(), "12345");
  EXPECT_EQ(post("/echo", "next").body(), "next");
}

TEST_F(WorkerTest, SendsNoBodyToHead) {
  FcgiClient client(socket_);
  client.begin();
  client.params(request_params("HEAD", "/pieces"));
  client.end_body();
  const FcgiReply reply = client.reply();
  EXPECT_EQ(reply.output, "Status: 200 OK\r\n\r\n");
  EXPECT_TRUE(reply.complete);
}

TEST_F(WorkerTest, WritesABodyAsItIsProduced) {
  const FcgiReply reply = get("/pieces");
  EXPECT_TRUE(reply.complete);
  EXPECT_EQ(reply.body().size(), 48890U);
  EXPECT_TRUE(reply.body().starts_with("0,1,2,"));
  EXPECT_TRUE(reply.body().ends_with(",9998,9999,"));
}

TEST_F(WorkerTest, LeavesAResponseOpenWhoseProducerThrows) {
  const FcgiReply reply = get("/broken");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_FALSE(reply.complete);
  EXPECT_LT(reply.body().size(), 100000U);
  EXPECT_TRUE(get("/pieces").complete);
  const JsonValue line = log_line("/broken");
  EXPECT_EQ(line["level"].text(), "error");
  EXPECT_EQ(line["code"].text(), "broken-off");
  EXPECT_EQ(line["cause"].text(), "SQL state 08006");
}

TEST_F(WorkerTest, KeepsTheConnectionFromProgramsItStarts) {
  EXPECT_EQ(get("/inheritable").body(), std::to_string(inheritable_sockets()));
}

TEST_F(WorkerTest, AnswersManyRequestsOneAfterAnother) {
  const std::string pid = std::to_string(worker().pid());
  for (int i = 0; i < 500; ++i) ASSERT_EQ(get("/pid").body(), pid);
}

TEST_F(WorkerTest, LogsOneLineForEachRequest) {
  post("/echo", "12345");
  const JsonValue line = log_line("/echo");
  EXPECT_EQ(line["event"].text(), "request");
  EXPECT_EQ(line["level"].text(), "info");
  EXPECT_EQ(line["request_id"].text(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(line["method"].text(), "POST");
  EXPECT_EQ(line["status"].number(), 200);
  EXPECT_EQ(line["code"].text(), "ok");
  EXPECT_EQ(line["bytes_in"].number(), 5);
  const std::string sent = "Status: 200 OK\r\nContent-Length: 5\r\n\r\n12345";
  EXPECT_EQ(line["bytes_out"].number(), static_cast<std::int64_t>(sent.size()));
}

TEST_F(WorkerTest, LogsWhatARequestHasCostUntilItsBodyWasWritten) {
  for (int i = 0; i < 2; ++i) get("/costly");
  get("/pid");
  EXPECT_THROW(log_line("/pid")["s3_ms"], std::runtime_error);
  const std::string log = dir_.read("log");
  const std::string cost = R"("s3_ms":7000.0,"s3_attempts":1,"db_ms":5000.0,"db_attempts":1)";
  EXPECT_LT(log.find(cost), log.rfind(cost)) << "of one request and of the other: " << log;
}

class TwoWorkersTest : public WorkerTest {
 protected:
  TwoWorkersTest() : WorkerTest(2) {}
};

// Each holds a request, so it cannot have been one of them twice.
TEST_F(TwoWorkersTest, ShareTheSocketAndBothStop) {
  FcgiClient first = begin_post("/hold", "0");
  const int first_pid = told_.receive();
  FcgiClient second = begin_post("/hold", "0");
  const int second_pid = told_.receive();
  EXPECT_NE(first_pid, second_pid);
  go_.send(1);
  go_.send(1);
  EXPECT_EQ(first.reply().body(), "held");
  EXPECT_EQ(second.reply().body(), "held");
  for (const std::size_t i : {0U, 1U}) {
    worker(i).signal(SIGTERM);
    EXPECT_EQ(worker(i).wait(), 0);
  }
}

TEST(Worker, CannotStartWithoutAListener) {
  const WorkerOptions options{.listen_fd = -1};
  const Meter nothing;
  Statistics statistics{};
  EXPECT_THROW(run_worker(options, {.handler = [](const Request&) { return Response{}; }},
                          {nothing, nothing, statistics, statistics.scoreboard[0]}),
               std::runtime_error);
}

}  // namespace
}  // namespace photodrop::testing
