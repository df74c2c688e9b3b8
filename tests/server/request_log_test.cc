#include "server/request_log.h"

#include <gtest/gtest.h>

#include "support/json_fixture.h"
#include "support/log_capture.h"

namespace photodrop::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

class RequestLogTest : public ::testing::Test {
 protected:
  RequestLogTest() {
    request_.method = "POST";
    request_.path = "/api/photos";
    request_.request_id = "4711";
    request_.body = "12345";
  }

  std::string line(const Costs& costs = {}) const {
    const LogCapture capture;
    log_request({.request = request_,
                 .response = response_,
                 .bytes_out = 321,
                 .time = microseconds(12500),
                 .costs = costs});
    const std::string text = capture.next_write();
    const std::string pid = "\"pid\":" + std::to_string(getpid()) + ",";
    return text.substr(text.find(pid) + pid.size());
  }

  std::string level() const {
    const LogCapture capture;
    log_request(
        {.request = request_, .response = response_, .bytes_out = 0, .time = {}, .costs = {}});
    return parse_json(capture.next_write())["level"].text();
  }

  Request request_;
  Response response_;
};

TEST_F(RequestLogTest, TellsAllThereIsToTell) {
  response_.route = "/api/photos";
  response_.image_type = "image/png";
  response_.cause = "all is well";
  const Meter store{milliseconds(8), 2};
  const Meter database{microseconds(1500), 1};
  EXPECT_EQ(line({.store = store, .database = database}),
            R"("method":"POST","path":"/api/photos","route":"/api/photos","status":200,)"
            R"("code":"ok","image_type":"image/png","bytes_in":5,"bytes_out":321,"ms":12.5,)"
            R"("s3_ms":8.0,"s3_attempts":2,"db_ms":1.5,"db_attempts":1,)"
            R"("request_id":"4711","cause":"all is well"})"
            "\n");
}

TEST_F(RequestLogTest, TellsHowLongARequestWaitedAndWarnsOfASlowOne) {
  struct {
    milliseconds time;
    milliseconds queue_time;
    const char* level;
  } const requests[] = {{milliseconds(1), milliseconds(2), "info"},
                        {milliseconds(1999), milliseconds(0), "info"},
                        {milliseconds(2000), milliseconds(0), "warning"},
                        {milliseconds(1), milliseconds(1999), "warning"}};
  for (const auto& [time, queue_time, level] : requests) {
    const LogCapture capture;
    log_request({.request = request_,
                 .response = response_,
                 .bytes_out = 0,
                 .time = time,
                 .queue_time = queue_time,
                 .costs = {}});
    const std::string text = capture.next_write();
    EXPECT_EQ(parse_json(text)["level"].text(), level);
    EXPECT_NE(text.find("\"queue_ms\":" + std::to_string(queue_time.count()) + ".0,"),
              std::string::npos)
        << text;
  }
}

TEST_F(RequestLogTest, LeavesOutWhatARequestHasNotUsed) {
  EXPECT_EQ(line(), R"("method":"POST","path":"/api/photos","status":200,"code":"ok",)"
                    R"("bytes_in":5,"bytes_out":321,"ms":12.5,"request_id":"4711"})"
                    "\n");
}

TEST_F(RequestLogTest, IsAnErrorWhenTheServiceFailed) {
  EXPECT_EQ(level(), "info");
  response_.outcome = "broken-off";
  EXPECT_EQ(level(), "error");
  response_.outcome = "invalid-image";
  response_.status = 499;
  EXPECT_EQ(level(), "info");
  response_.status = 500;
  EXPECT_EQ(level(), "error");
}

}  // namespace
}  // namespace photodrop::testing
