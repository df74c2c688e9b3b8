// What a PUT came to when the store or the line misbehaves: `absent` never when the object
// could be there, `stored` only when the store said so.
#include <gtest/gtest.h>

#include <algorithm>

#include "s3/scripted_store.h"

namespace photodrop::testing {
namespace {

using std::chrono::steady_clock;

// What a script makes of one PUT.
struct Put {
  PutOutcome outcome;
  std::size_t attempts;

  bool operator==(const Put&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Put& put) {
  static constexpr const char* kNames[] = {"stored", "absent", "unknown"};
  return out << kNames[static_cast<int>(put.outcome)] << " after " << put.attempts;
}

constexpr auto kStored = PutOutcome::stored;
constexpr auto kAbsent = PutOutcome::absent;
constexpr auto kUnknown = PutOutcome::unknown;

// Larger than what the sockets take in, so that a store which does not read it does not get it.
const std::string kLargePhoto(16 * 1024 * 1024, 'x');

PutOutcome put(s3::Client& client, const std::string& bytes = "the bytes") {
  return client.put({.key = "uuid_a.jpg",
                     .content_type = "image/jpeg",
                     .bytes = bytes,
                     .sha256 = sha256(bytes)});
}

Put put_to(ScriptedServer& server, const std::string& bytes = "the bytes",
           milliseconds deadline = milliseconds(20'000)) {
  s3::Client client(options_for(server.host(), deadline));
  const PutOutcome outcome = put(client, bytes);
  return {outcome, server.requests().size()};
}

Put put_by(const std::vector<Turn>& script, const std::string& bytes = "the bytes") {
  ScriptedServer server(script);
  return put_to(server, bytes);
}

TEST(PutOutcome, StoredWhenTheStoreSaysSo) {
  EXPECT_EQ(put_by({answers(http_answer(200))}), (Put{kStored, 1}));
  EXPECT_EQ(put_by({answers(http_answer(204))}), (Put{kStored, 1}));
}

TEST(PutOutcome, APassingFaultIsTriedAgain) {
  for (const int status : {429, 500, 502, 503, 504}) {
    EXPECT_EQ(put_by({answers(http_answer(status)), answers(http_answer(200))}),
              (Put{kStored, 2}))
        << status;
  }
  EXPECT_EQ(put_by({answers(s3_error(400, "RequestTimeout")), answers(http_answer(200))}),
            (Put{kStored, 2}));
  EXPECT_EQ(put_by({drops_the_line(), resets_the_line(), answers(http_answer(200))}),
            (Put{kStored, 3}));
}

TEST(PutOutcome, EveryAttemptSendsTheSameBytesToTheSameKey) {
  ScriptedServer server(
      {answers(s3_error(500, "InternalError")), drops_the_line(), answers(http_answer(200))});
  EXPECT_EQ(put_to(server, "the very bytes"), (Put{kStored, 3}));
  for (const auto& request : server.requests()) {
    EXPECT_EQ(request.head.substr(0, request.head.find("\r\n")),
              "PUT /photos/uuid_a.jpg HTTP/1.1");
    EXPECT_EQ(request.body, "the very bytes");
  }
}

// "InternalError" says nothing of what happened to the bytes (Amazon S3, "Best practices for
// Amazon S3 error handling").
TEST(PutOutcome, UnknownWhenFaultsDoNotEnd) {
  EXPECT_EQ(put_by({answers(s3_error(500, "InternalError"))}), (Put{kUnknown, 3}));
  EXPECT_EQ(put_by({answers(http_answer(504))}), (Put{kUnknown, 3}));
  EXPECT_EQ(put_by({drops_the_line()}), (Put{kUnknown, 3}));
  EXPECT_EQ(put_by({resets_the_line()}), (Put{kUnknown, 3}));
}

TEST(PutOutcome, ARefusalIsAnAnswer) {
  EXPECT_EQ(put_by({answers(s3_error(403, "AccessDenied"))}), (Put{kAbsent, 1}));
  EXPECT_EQ(put_by({answers(s3_error(404, "NoSuchBucket"))}), (Put{kAbsent, 1}));
  EXPECT_EQ(put_by({answers(s3_error(400, "XAmzContentSHA256Mismatch"))}), (Put{kAbsent, 1}));
  EXPECT_EQ(put_by({answers(s3_error(301, "PermanentRedirect"))}), (Put{kAbsent, 1}));
  EXPECT_EQ(put_by({answers(http_answer(307, "", "Location: http://127.0.0.1:1/\r\n"))}),
            (Put{kAbsent, 1}));
}

// What a gateway says of a store behind it, Cloudflare's 520 to 527 among it, need not be so.
TEST(PutOutcome, UnknownWhenAGatewayAnswersInTheStoresPlace) {
  for (const int status : {501, 507, 520, 522, 524, 599}) {
    EXPECT_EQ(put_by({answers(http_answer(status))}).outcome, kUnknown) << status;
  }
  EXPECT_EQ(put_by({answers(http_answer(408))}).outcome, kUnknown);
}

TEST(PutOutcome, ALaterRefusalDoesNotTakeBackAnEarlierAttempt) {
  const Turn refuses = answers(s3_error(403, "AccessDenied"));
  EXPECT_EQ(put_by({drops_the_line(), refuses}), (Put{kUnknown, 2}));
  EXPECT_EQ(put_by({resets_the_line(), refuses}), (Put{kUnknown, 2}));
  EXPECT_EQ(put_by({answers(s3_error(500, "InternalError")), refuses}), (Put{kUnknown, 2}));
}

TEST(PutOutcome, AbsentWhenTheLineDropsBeforeTheLastByte) {
  EXPECT_EQ(put_by({drops_the_line_early()}, kLargePhoto), (Put{kAbsent, 3}));
  EXPECT_EQ(
      put_by({drops_the_line_early(), answers(s3_error(403, "AccessDenied"))}, kLargePhoto),
      (Put{kAbsent, 2}));
  EXPECT_EQ(put_by({drops_the_line_early(), answers(http_answer(200))}, kLargePhoto),
            (Put{kStored, 2}));
}

TEST(PutOutcome, AbsentWhenARefusalComesBeforeTheLastByte) {
  const Turn refuses_early{.body_bytes = 1000,
                           .answer = s3_error(403, "AccessDenied", "Connection: close\r\n"),
                           .then = Turn::Then::close};
  EXPECT_EQ(put_by({refuses_early}, kLargePhoto).outcome, kAbsent);
}

TEST(PutOutcome, AbsentWhenNobodyListens) {
  const DeadAddress nobody;
  s3::Client client(options_for(nobody.host()));
  EXPECT_EQ(put(client), kAbsent);
}

TEST(PutOutcome, HalfAnAnswerIsNone) {
  const Turn half_a_head{.answer = "HTTP/1.1 200 O", .then = Turn::Then::close};
  const Turn half_a_body{.answer = "HTTP/1.1 500 x\r\nContent-Length: 999\r\n\r\n<Error>",
                         .then = Turn::Then::close};
  const Turn no_http{.answer = "SSH-2.0-OpenSSH_9.2\r\n", .then = Turn::Then::close};
  for (const Turn& turn : {half_a_head, half_a_body, no_http}) {
    EXPECT_EQ(put_by({turn}).outcome, kUnknown) << turn.answer;
  }
  EXPECT_EQ(put_by({half_a_body, answers(http_answer(200))}), (Put{kStored, 2}));
}

// libcurl itself sends again, unasked, when a kept connection ends before an answer.
TEST(PutOutcome, ARefusalDoesNotTakeBackWhatLibcurlSentBefore) {
  ScriptedServer server(
      {answers(http_answer(200)), drops_the_line(), answers(s3_error(403, "AccessDenied"))});
  s3::Client client(options_for(server.host()));
  ASSERT_EQ(put(client, "first"), kStored);
  EXPECT_EQ(put(client, "second"), kUnknown);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[1].connection, requests[0].connection);
  EXPECT_EQ(requests[1].body, "second");
  EXPECT_EQ(requests[2].body, "second");
}

TEST(PutOutcome, StoredWhenLibcurlSentAgain) {
  ScriptedServer server(
      {answers(http_answer(200)), drops_the_line(), answers(http_answer(200))});
  s3::Client client(options_for(server.host()));
  ASSERT_EQ(put(client, "first"), kStored);
  EXPECT_EQ(put(client, "second"), kStored);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(PutOutcome, UnknownWhenTheStoreHangs) {
  ScriptedServer server({hangs()});
  const auto start = steady_clock::now();
  EXPECT_EQ(put_to(server, "the bytes", milliseconds(300)), (Put{kUnknown, 1}));
  EXPECT_LT(steady_clock::now() - start, milliseconds(2000));
}

TEST(PutOutcome, AbsentWhenTheStoreHangsBeforeTheLastByte) {
  ScriptedServer server({{.body_bytes = 1000, .then = Turn::Then::hang}});
  EXPECT_EQ(put_to(server, kLargePhoto, milliseconds(500)), (Put{kAbsent, 1}));
}

TEST(PutOutcome, AnEmptyObjectIsNoException) {
  EXPECT_EQ(put_by({answers(http_answer(200))}, ""), (Put{kStored, 1}));
  EXPECT_EQ(put_by({drops_the_line()}, "").outcome, kUnknown);
}

TEST(PutOutcome, WaitsAsLongAsTheStoreAsks) {
  ScriptedServer server(
      {answers(s3_error(503, "SlowDown", "Retry-After: 2\r\n")), answers(http_answer(200))});
  const auto start = steady_clock::now();
  EXPECT_EQ(put_to(server), (Put{kStored, 2}));
  EXPECT_GE(steady_clock::now() - start, milliseconds(2000));
}

TEST(PutOutcome, DoesNotWaitPastTheDeadline) {
  ScriptedServer server({answers(s3_error(503, "SlowDown", "Retry-After: 3\r\n"))});
  const auto start = steady_clock::now();
  EXPECT_EQ(put_to(server, "the bytes", milliseconds(2000)), (Put{kUnknown, 1}));
  EXPECT_LT(steady_clock::now() - start, milliseconds(1500));
}

}  // namespace
}  // namespace photodrop::testing
