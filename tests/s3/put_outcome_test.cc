// What a PUT came to when the store or the line misbehaves: `absent` never when the object
// could be there, `stored` only when the store said so.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

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

// With limits that a test can wait for.
s3::StoreOptions impatient_options(const ScriptedServer& server) {
  s3::StoreOptions options = options_for(server.host());
  options.sender.stall_limit = milliseconds(300);
  options.sender.kept_stall_limit = milliseconds(100);
  return options;
}

TEST(PutOutcome, StoredOverANewConnectionWhenTheKeptOneIsDead) {
  ScriptedServer server({answers(http_answer(200)), hangs(), answers(http_answer(200))});
  s3::Client client(impatient_options(server));
  ASSERT_EQ(put(client, "first"), kStored);
  EXPECT_EQ(put(client, "second"), kStored);
  EXPECT_EQ(server.requests().at(2).connection, 2);
  EXPECT_EQ(client.meter().errors, 1);
}

TEST(PutOutcome, AStoreThatIsSilentOnANewConnectionIsNotAskedAgain) {
  ScriptedServer server({hangs()});
  s3::Client client(impatient_options(server));
  EXPECT_EQ(put(client), kUnknown);
  EXPECT_EQ(client.meter().attempts, 1);
}

TEST(PutOutcome, AttemptsWithoutAnAnswerHaveALimitTogether) {
  ScriptedServer server({drops_the_line(), hangs()});
  s3::StoreOptions options = impatient_options(server);
  options.sender.stall_limit = milliseconds(10'000);
  options.sender.silence_limit = milliseconds(400);
  s3::Client client(options);
  const auto start = steady_clock::now();
  EXPECT_EQ(put(client), kUnknown);
  EXPECT_LT(steady_clock::now() - start, milliseconds(3000));
  EXPECT_EQ(client.meter().attempts, 2);
}

TEST(PutOutcome, AnAttemptHasALimitHoweverMuchItMoves) {
  Turn trickle = answers(http_answer(200, std::string(1000, 'x')));
  trickle.bytes_each = 10;
  trickle.delay = milliseconds(20);
  ScriptedServer server({trickle, answers(http_answer(200))});
  s3::StoreOptions options = impatient_options(server);
  options.sender.attempt_limit = milliseconds(200);
  s3::Client client(options);
  EXPECT_EQ(put(client), kStored);
  EXPECT_EQ(client.meter().attempts, 2);
}

TEST(PutOutcome, AnOpenBreakerRefusesAllButAProbe) {
  ScriptedServer server({answers(http_answer(503)), answers(http_answer(503)),
                         answers(http_answer(503)), answers(http_answer(503)),
                         answers(http_answer(503)), answers(http_answer(200))});
  const auto breaker = std::make_unique<CircuitBreaker>();
  s3::Client client(options_for(server.host()), breaker.get());
  EXPECT_EQ(put(client), kUnknown);
  EXPECT_EQ(put(client), kUnknown) << "whose second failure opens it, and is the last attempt";
  EXPECT_TRUE(breaker->is_open());
  EXPECT_EQ(server.requests().size(), CircuitBreaker::kThreshold);
  EXPECT_EQ(put(client), kAbsent);
  EXPECT_EQ(server.requests().size(), CircuitBreaker::kThreshold) << "nothing was sent";
  client.check(milliseconds(5000));
  EXPECT_FALSE(breaker->is_open());
  EXPECT_EQ(put(client), kStored);
}

TEST(PutOutcome, AStoreThatRefusesARequestWorks) {
  ScriptedServer server({answers(s3_error(403, "AccessDenied"))});
  const auto breaker = std::make_unique<CircuitBreaker>();
  s3::Client client(options_for(server.host()), breaker.get());
  for (std::uint32_t i = 0; i < 2 * CircuitBreaker::kThreshold; ++i) put(client);
  EXPECT_FALSE(breaker->is_open());
}

}  // namespace
}  // namespace photodrop::testing
