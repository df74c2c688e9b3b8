// One exchange over a line that may misbehave.
#include "s3/curl.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "s3/scripted_store.h"

namespace photodrop::testing {
namespace {

using s3::Curl;
using s3::HttpReply;

HttpReply perform(Curl& curl, const std::string& url, const std::string& method = "GET",
                  const Pieces& body = {}) {
  return curl.perform({.method = method,
                       .url = url,
                       .headers = {{"x-test", "yes"}},
                       .body = body,
                       .timeout = milliseconds(5000)});
}

HttpReply reply_to(const std::vector<Turn>& script, const std::string& method = "GET",
                   const Pieces& body = {}) {
  ScriptedServer server(script);
  Curl curl;
  return perform(curl, "http://" + server.host() + "/", method, body);
}

std::optional<std::chrono::seconds> retry_after(const std::string& value) {
  return reply_to({answers(http_answer(503, "", "Retry-After: " + value + "\r\n"))})
      .retry_after;
}

TEST(Curl, TellsStatusAndBody) {
  const HttpReply reply = reply_to({answers(http_answer(418, "short and stout"))});
  EXPECT_EQ(reply.status, 418);
  EXPECT_EQ(reply.body, "short and stout");
  EXPECT_EQ(reply.retry_after, std::nullopt);
  EXPECT_EQ(reply.failure, "");
}

TEST(Curl, SendsUrlAndHeadersAsTheyAre) {
  ScriptedServer server({answers(http_answer(200))});
  Curl curl;
  perform(curl, "http://" + server.host() + "/a/../b//c/./%7Ed%2fe?x=%41&y");
  const std::string head = server.requests().at(0).head;
  EXPECT_EQ(head.substr(0, head.find('\r')), "GET /a/../b//c/./%7Ed%2fe?x=%41&y HTTP/1.1");
  EXPECT_NE(head.find("\r\nx-test: yes\r\n"), std::string::npos);
}

TEST(Curl, NeverWaitsForLeaveToSend) {
  ScriptedServer server({answers(http_answer(200))});
  Curl curl;
  const std::string body(2 * 1024 * 1024, 'x');
  EXPECT_TRUE(perform(curl, "http://" + server.host() + "/", "PUT", body).body_sent);
  EXPECT_EQ(server.requests().at(0).head.find("Expect"), std::string::npos);
  EXPECT_TRUE(server.requests().at(0).body == body);
}

TEST(Curl, ForgetsTheRequestBefore) {
  ScriptedServer server(
      {answers(http_answer(503, "slow", "Retry-After: 1\r\n")), answers(http_answer(204))});
  Curl curl;
  perform(curl, "http://" + server.host() + "/first", "PUT", "the body");
  const HttpReply reply = perform(curl, "http://" + server.host() + "/second", "DELETE");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(reply.retry_after, std::nullopt);
  const auto request = server.requests().at(1);
  EXPECT_EQ(request.head.substr(0, request.head.find('\r')), "DELETE /second HTTP/1.1");
  EXPECT_EQ(request.head.find("Content-Length"), std::string::npos);
  EXPECT_EQ(request.connection, 1);
}

TEST(Curl, FollowsNoRedirect) {
  ScriptedServer server(
      {answers(http_answer(307, "", "Location: http://127.0.0.1:1/elsewhere\r\n"))});
  Curl curl;
  EXPECT_EQ(perform(curl, "http://" + server.host() + "/").status, 307);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Curl, AsksNoProxyOfTheEnvironment) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  EXPECT_EQ(reply_to({answers(http_answer(200))}).status, 200);
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
}

TEST(Curl, KeepsSixtyFourKilobytesOfABody) {
  const HttpReply reply = reply_to({answers(http_answer(200, std::string(1'000'000, 'x')))});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body.size(), 64U * 1024);
}

TEST(Curl, ReadsRetryAfterInSeconds) {
  EXPECT_EQ(retry_after("0"), std::chrono::seconds(0));
  EXPECT_EQ(retry_after("120"), std::chrono::seconds(120));
  EXPECT_EQ(retry_after("  7  "), std::chrono::seconds(7));
  for (const char* const value : {"-1", "3601", "soon", "1.5", "",
                                  "Fri, 31 Dec 1999 23:59:59 GMT", "99999999999999999999"}) {
    EXPECT_EQ(retry_after(value), std::nullopt) << value;
  }
}

TEST(Curl, ReadsTheRegionOfABucket) {
  EXPECT_EQ(reply_to({answers(http_answer(301, "", "X-Amz-Bucket-Region: eu-west-1\r\n"))})
                .bucket_region,
            "eu-west-1");
  EXPECT_EQ(reply_to({answers(http_answer(301))}).bucket_region, "");
}

TEST(Curl, TellsAnUnknownHostFromOneThatDoesNotAnswer) {
  const DeadAddress nobody;
  Curl curl;
  EXPECT_TRUE(perform(curl, "http://no-such-store.invalid/").unknown_host);
  EXPECT_FALSE(perform(curl, "http://" + nobody.host() + "/").unknown_host);
  EXPECT_FALSE(perform(curl, "http://" + nobody.host() + "/").untrusted);
}

TEST(Curl, FailuresOfTheTransportAreTransient) {
  const DeadAddress nobody;
  Curl curl;
  for (const HttpReply& reply :
       {perform(curl, "http://" + nobody.host() + "/", "PUT", "body"),
        perform(curl, "http://no.such.host.invalid/", "PUT", "body"),
        reply_to({drops_the_line()}), reply_to({resets_the_line()}),
        reply_to({{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        .then = Turn::Then::close}})}) {
    EXPECT_EQ(reply.status, 0);
    EXPECT_TRUE(reply.transient) << reply.failure;
    EXPECT_NE(reply.failure, "");
  }
}

TEST(Curl, AHeadThatBreaksOffIsNoAnswer) {
  for (const std::string head : {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"}) {
    const HttpReply reply =
        reply_to({{.answer = head, .then = Turn::Then::close}}, "PUT", "the whole body");
    EXPECT_EQ(reply.status, 0) << head;
    EXPECT_TRUE(reply.transient) << head;
    EXPECT_TRUE(reply.body_sent) << head;
    EXPECT_NE(reply.failure, "") << head;
  }
}

TEST(Curl, SpeaksNoOtherProtocolThanHttp) {
  ScriptedServer server({answers(http_answer(200))});
  Curl curl;
  EXPECT_EQ(perform(curl, "ftp://" + server.host() + "/").status, 0);
  EXPECT_FALSE(perform(curl, "ftp://" + server.host() + "/").transient);
  EXPECT_FALSE(perform(curl, "file:///etc/hostname").transient);
  EXPECT_TRUE(server.requests().empty());
}

TEST(Curl, GivesUpWhenTheTimeIsOver) {
  ScriptedServer server({hangs()});
  Curl curl;
  const auto start = std::chrono::steady_clock::now();
  const HttpReply reply = curl.perform({.method = "PUT",
                                        .url = "http://" + server.host() + "/",
                                        .headers = {},
                                        .body = "the body",
                                        .timeout = milliseconds(200)});
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(1500));
  EXPECT_EQ(reply.status, 0);
  EXPECT_TRUE(reply.transient);
  EXPECT_TRUE(reply.body_sent);
}

TEST(Curl, TellsThatABodyWasSentTwice) {
  ScriptedServer server(
      {answers(http_answer(200)), drops_the_line(), answers(http_answer(403))});
  Curl curl;
  const std::string url = "http://" + server.host() + "/";
  EXPECT_FALSE(perform(curl, url, "PUT", "first").resent);
  const HttpReply reply = perform(curl, url, "PUT", "second");
  EXPECT_EQ(reply.status, 403);
  EXPECT_TRUE(reply.resent);
}

TEST(Curl, SendsBothPiecesOfABodyEachTime) {
  ScriptedServer server(
      {answers(http_answer(200)), drops_the_line(), answers(http_answer(200))});
  Curl curl;
  const std::string url = "http://" + server.host() + "/";
  const std::string rest(2 * 1024 * 1024, 'x');
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(perform(curl, url, "PUT", Pieces("begin ", rest)).status, 200);
  }
  ASSERT_EQ(server.requests().size(), 3U);
  for (const auto& request : server.requests()) EXPECT_TRUE(request.body == "begin " + rest);
}

TEST(Curl, TellsThatABodyWasNotSentWhole) {
  const std::string body(16 * 1024 * 1024, 'x');
  EXPECT_FALSE(reply_to({drops_the_line_early()}, "PUT", body).body_sent);
  EXPECT_TRUE(reply_to({drops_the_line()}, "PUT", "small").body_sent);
}

// With limits that a test can wait for.
HttpReply perform_soon(Curl& curl, const ScriptedServer& server, const Pieces& body = {}) {
  return curl.perform({.method = "PUT",
                       .url = "http://" + server.host() + "/",
                       .headers = {},
                       .body = body,
                       .timeout = milliseconds(20'000),
                       .stall_limit = milliseconds(400),
                       .kept_stall_limit = milliseconds(100)});
}

TEST(Curl, GivesUpAnExchangeInWhichNothingMoves) {
  ScriptedServer server({answers(http_answer(200)), hangs()});
  Curl curl;
  EXPECT_FALSE(perform_soon(curl, server).stalled);
  const HttpReply kept = perform_soon(curl, server, "a body");
  EXPECT_TRUE(kept.stalled && kept.kept && kept.transient && kept.body_sent);
  EXPECT_NE(kept.failure.find("on a kept connection"), std::string::npos) << kept.failure;
  const HttpReply fresh = perform_soon(curl, server, "a body");
  EXPECT_TRUE(fresh.stalled && fresh.transient);
  EXPECT_FALSE(fresh.kept);
  EXPECT_EQ(fresh.failure, "nothing moved for 0.4 s on a new connection");
}

TEST(Curl, WaitsOnAKeptConnectionAsLongAsTheStoreTakes) {
  const auto slow = [](milliseconds delay) {
    Turn turn = answers(http_answer(200));
    turn.delay = delay;
    return turn;
  };
  ScriptedServer server(
      {slow(milliseconds(250)), slow(milliseconds(250)), slow(milliseconds(250))});
  Curl curl;
  for (const bool kept : {false, true, true}) {
    const HttpReply reply = perform_soon(curl, server, std::string(200'000, 'x'));
    EXPECT_EQ(reply.status, 200) << reply.failure;
    EXPECT_EQ(reply.kept, kept);
  }
}

TEST(Curl, LeavesAnExchangeAloneThatMovesHoweverSlowly) {
  Turn trickle = answers(http_answer(200, std::string(20, 'x')));
  trickle.bytes_each = 5;
  trickle.delay = milliseconds(50);
  ScriptedServer server({trickle});
  Curl curl;
  EXPECT_EQ(perform_soon(curl, server).status, 200);
}

// The body lies in the sockets' buffers all the while: nothing but what the store has
// acknowledged tells that it moves.
TEST(Curl, LeavesAnUploadAloneThatTheStoreReadsSlowly) {
  Turn slow = answers(http_answer(200));
  slow.read_pause = milliseconds(10);
  ScriptedServer server({slow, slow});
  Curl curl;
  const std::string body(1'600'000, 'x');
  for (const bool kept : {false, true}) {
    const HttpReply reply = perform_soon(curl, server, body);
    EXPECT_EQ(reply.status, 200) << reply.failure;
    EXPECT_EQ(reply.kept, kept);
  }
}

}  // namespace
}  // namespace photodrop::testing
