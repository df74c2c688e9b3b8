// What a client says when it cannot delete, the requests that it makes and the URLs that it
// signs. PUTs have a file of their own (put_outcome_test.cc).
#include <gtest/gtest.h>

#include "base/error.h"
#include "s3/scripted_store.h"

namespace photodrop::testing {
namespace {

struct Removal {
  std::string cause;  // of the Error{storage_unavailable}; "none" when there was none
  std::size_t attempts;
};

Removal remove_by(const std::vector<Turn>& script,
                  milliseconds deadline = milliseconds(20'000)) {
  ScriptedServer server(script);
  s3::Client client(options_for(server.host(), deadline));
  std::string cause = "none";
  try {
    client.remove("uuid_a.jpg");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::storage_unavailable);
    cause = error.cause();
  }
  return {cause, server.requests().size()};
}

bool has_line(const ScriptedServer::Seen& request, const std::string& line) {
  return request.head.find("\r\n" + line + "\r\n") != std::string::npos;
}

// With the pauses between them: for a store that asks for one it is long enough to be told.
TEST(Meter, CountsEachAttemptAndTheTimeOfAll) {
  ScriptedServer server({answers(s3_error(503, "SlowDown", "Retry-After: 1\r\n")),
                         answers(http_answer(204)), answers(http_answer(204))});
  s3::Client client(options_for(server.host()));
  EXPECT_EQ(client.meter().attempts, 0);
  client.remove("uuid_a.jpg");
  const Meter first = client.meter();
  EXPECT_EQ(first.attempts, 2);
  EXPECT_EQ(first.errors, 1);
  EXPECT_GE(first.time, milliseconds(1000));
  client.remove("uuid_b.jpg");
  EXPECT_EQ((client.meter() - first).attempts, 1);
  EXPECT_EQ((client.meter() - first).errors, 0);
  EXPECT_LT((client.meter() - first).time, milliseconds(1000));
}

// What a check of the bucket throws, and how often it asked.
Removal check_by(const std::vector<Turn>& script) {
  ScriptedServer server(script);
  s3::Client client(options_for(server.host()));
  std::string cause = "none";
  try {
    client.check(milliseconds(300));
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::storage_unavailable);
    cause = error.cause();
  }
  return {cause, server.requests().size()};
}

TEST(Check, LooksIntoTheBucket) {
  ScriptedServer server({answers(http_answer(200))});
  s3::Client client(options_for(server.host()));
  client.check(milliseconds(20'000));
  const std::string head = server.requests().at(0).head;
  EXPECT_TRUE(head.starts_with("GET /photos/?list-type=2&max-keys=1 HTTP/1.1\r\n")) << head;
}

TEST(Check, AsksOnce) {
  const Removal failed = check_by({answers(s3_error(503, "SlowDown"))});
  EXPECT_EQ(failed.cause, "GET: 503 SlowDown");
  EXPECT_EQ(failed.attempts, 1U);
  EXPECT_EQ(check_by({answers(s3_error(403, "AccessDenied"))}).cause, "GET: 403 AccessDenied");
}

TEST(Check, DoesNotWaitForAStoreThatHangs) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_NE(check_by({hangs()}).cause, "none");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(10'000));
}

TEST(Remove, IsDoneWhenTheStoreSaysSo) {
  for (const int status : {200, 204}) {
    const Removal removal = remove_by({answers(http_answer(status))});
    EXPECT_EQ(removal.cause, "none");
    EXPECT_EQ(removal.attempts, 1U);
  }
}

TEST(Remove, AnObjectThatIsNotThereIsRemoved) {
  EXPECT_EQ(remove_by({answers(s3_error(404, "NoSuchKey"))}).cause, "none");
}

TEST(Remove, A404ThatDoesNotNameTheKeyIsAFault) {
  EXPECT_EQ(remove_by({answers(http_answer(404))}).cause, "DELETE: 404");
  EXPECT_EQ(remove_by({answers(http_answer(404, "<html>Not Found</html>"))}).cause,
            "DELETE: 404");
}

TEST(Remove, ABucketThatIsNotThereIsAFault) {
  EXPECT_EQ(remove_by({answers(s3_error(404, "NoSuchBucket"))}).cause,
            "DELETE: 404 NoSuchBucket");
}

TEST(Remove, ARefusalIsAFault) {
  const Removal removal = remove_by({answers(s3_error(403, "AccessDenied"))});
  EXPECT_EQ(removal.cause, "DELETE: 403 AccessDenied");
  EXPECT_EQ(removal.attempts, 1U);
}

TEST(Remove, IsTriedAgain) {
  const Turn done = answers(http_answer(204));
  EXPECT_EQ(remove_by({answers(http_answer(500)), drops_the_line(), done}).cause, "none");
  EXPECT_EQ(remove_by({resets_the_line(), done}).cause, "none");

  const Removal removal = remove_by({answers(s3_error(503, "ServiceUnavailable"))});
  EXPECT_EQ(removal.cause, "DELETE: 503 ServiceUnavailable");
  EXPECT_EQ(removal.attempts, 3U);
}

TEST(Remove, IsTriedAsOftenAsTheOptionsSay) {
  ScriptedServer server({answers(s3_error(503, "ServiceUnavailable"))});
  s3::StoreOptions options = options_for(server.host());
  options.sender.attempts = 1;
  EXPECT_THROW(s3::Client(options).remove("uuid_a.jpg"), Error);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Remove, SilenceIsAFault) {
  EXPECT_NE(remove_by({drops_the_line()}).cause, "none");
  EXPECT_NE(remove_by({hangs()}, milliseconds(200)).cause, "none");
}

TEST(Remove, AStoreThatIsDownIsAFaultThatKeepsTheSecret) {
  const DeadAddress nobody;
  s3::Client client(options_for(nobody.host()));
  try {
    client.remove("uuid_a.jpg");
    FAIL() << "nobody could have removed it";
  } catch (const Error& error) {
    EXPECT_NE(error.cause().find("connect"), std::string::npos) << error.cause();
    EXPECT_EQ(error.cause().find("secret"), std::string::npos);
    EXPECT_EQ(error.cause().find("Signature"), std::string::npos);
    EXPECT_EQ(error.detail().find("127.0.0.1"), std::string::npos);
  }
}

TEST(Client, DeletesByTheKeyInThePath) {
  ScriptedServer server({answers(http_answer(204))});
  s3::Client(options_for(server.host())).remove("uuid_my cat+1.jpg");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.head.substr(0, request.head.find('\r')),
            "DELETE /photos/uuid_my%20cat%2B1.jpg HTTP/1.1");
  EXPECT_TRUE(has_line(request, "Host: " + server.host()));
  EXPECT_EQ(request.body, "");
}

TEST(Client, PutsWhatReadersMayKnowWithTheBytes) {
  ScriptedServer server({answers(http_answer(200))});
  const std::string bytes = "the bytes";
  const std::string hash = hex(sha256(bytes));
  s3::Client client(options_for(server.host()));
  client.put(
      {.key = "k", .content_type = "image/gif", .bytes = bytes, .sha256 = sha256(bytes)});
  const auto request = server.requests().at(0);
  EXPECT_TRUE(has_line(request, "content-type: image/gif"));
  EXPECT_TRUE(has_line(request, "cache-control: private, max-age=31536000, immutable"));
  EXPECT_TRUE(has_line(request, "x-amz-meta-sha256: " + hash));
  EXPECT_TRUE(has_line(request, "x-amz-content-sha256: " + hash));
  EXPECT_TRUE(has_line(request, "Content-Length: 9"));
  EXPECT_NE(request.head.find(
                "SignedHeaders=cache-control;content-type;host;x-amz-content-sha256;x-amz-date;"
                "x-amz-meta-sha256,"),
            std::string::npos)
      << request.head;
  EXPECT_EQ(request.head.find("a secret of the script"), std::string::npos);
}

std::string skewed(const std::string& date) {
  return s3_error(403, "RequestTimeTooSkewed", "Date: " + date + "\r\n");
}

TEST(Client, CorrectsAClockThatIsWrongOnceAndForGood) {
  const std::string date = "Wed, 01 Jan 2025 12:00:00 GMT";
  ScriptedServer server({answers(skewed(date)), answers(http_answer(204))});
  s3::Client client(options_for(server.host()));
  client.remove("a");
  client.remove("b");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].head.find("x-amz-date: 20250101T"), std::string::npos);
  EXPECT_NE(requests[1].head.find("x-amz-date: 20250101T1200"), std::string::npos);
  EXPECT_NE(requests[2].head.find("x-amz-date: 20250101T1200"), std::string::npos);
  EXPECT_NE(client.url("a").url.find("X-Amz-Date=20250101T1200"), std::string::npos);
}

TEST(Client, AClockThatCannotBeCorrectedIsARefusal) {
  const Removal removal = remove_by({answers(skewed("Wed, 01 Jan 2025 12:00:00 GMT"))});
  EXPECT_EQ(removal.cause, "DELETE: 403 RequestTimeTooSkewed");
  EXPECT_EQ(removal.attempts, 2U);
  EXPECT_EQ(remove_by({answers(skewed("yesterday"))}).attempts, 1U);
  EXPECT_EQ(remove_by({answers(s3_error(403, "RequestTimeTooSkewed"))}).attempts, 1U);
}

TEST(Client, KeepsItsConnection) {
  ScriptedServer server({answers(http_answer(204))});
  s3::Client client(options_for(server.host()));
  for (int i = 0; i < 5; ++i) client.remove("k");
  for (const auto& request : server.requests()) EXPECT_EQ(request.connection, 1);
}

TEST(Client, SignsUrlsForThePublicName) {
  s3::StoreOptions options = options_for("10.0.0.1:9000");
  options.public_bucket = {{"https", "photos.example"}, "photos", s3::Addressing::path};
  options.presign_expires = std::chrono::seconds(600);
  s3::Client client(options);
  const auto before =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const ObjectUrl url = client.url("uuid_my cat.jpg");
  EXPECT_EQ(url.url.substr(0, url.url.find('?')),
            "https://photos.example/photos/uuid_my%20cat.jpg");
  EXPECT_NE(url.url.find("X-Amz-Expires=600&"), std::string::npos) << url.url;
  EXPECT_NE(url.url.find("X-Amz-SignedHeaders=host&"), std::string::npos);
  EXPECT_GE(url.expires_at, before + std::chrono::seconds(600));
  EXPECT_LE(url.expires_at, before + std::chrono::seconds(660));
}

s3::StoreOptions signing(std::chrono::seconds window, std::chrono::seconds life) {
  s3::StoreOptions options = options_for("10.0.0.1:9000");
  options.presign_window = window;
  options.presign_expires = life;
  return options;
}

ObjectUrl url_at(const s3::StoreOptions& options, std::chrono::sys_seconds now) {
  s3::Presigner presigner = presigner_at(options, now);
  return {presigner.url("k"), presigner.expires_at()};
}

TEST(PresignedUrl, StaysTheSameWithinItsWindow) {
  using namespace std::chrono;
  const s3::StoreOptions options = signing(hours(1), hours(24));
  const sys_seconds noon = sys_days(year(2026) / 3 / 7) + hours(12);
  const ObjectUrl first = url_at(options, noon);
  const ObjectUrl last = url_at(options, noon + minutes(59) + seconds(59));
  EXPECT_EQ(last.url, first.url);
  EXPECT_EQ(last.expires_at, first.expires_at);
  EXPECT_EQ(first.expires_at, noon + hours(24));
  const ObjectUrl next = url_at(options, noon + hours(1));
  EXPECT_NE(next.url, first.url);
  EXPECT_EQ(next.expires_at, noon + hours(25));
}

TEST(PresignedUrl, IsOfItsOwnSecondWithoutAWindow) {
  using namespace std::chrono;
  const s3::StoreOptions options = signing(seconds(0), seconds(600));
  const sys_seconds time = sys_days(year(2026) / 3 / 7) + seconds(1);
  EXPECT_NE(url_at(options, time).url, url_at(options, time + seconds(1)).url);
  EXPECT_EQ(url_at(options, time).expires_at, time + seconds(600));
}

TEST(PresignedUrl, IsNotValidForLongerThanItsCredentials) {
  using namespace std::chrono;
  s3::StoreOptions options = signing(hours(1), hours(24));
  const sys_seconds noon = sys_days(year(2026) / 3 / 7) + hours(12);
  options.sender.credentials.expires_at = noon + hours(3);
  const ObjectUrl url = url_at(options, noon + minutes(30));
  EXPECT_EQ(url.expires_at, noon + hours(3));
  EXPECT_NE(url.url.find("X-Amz-Expires=10800&"), std::string::npos) << url.url;
  options.sender.credentials.expires_at = noon + hours(25);
  EXPECT_EQ(url_at(options, noon).expires_at, noon + hours(24));
  options.sender.credentials.expires_at = noon - hours(1);
  EXPECT_EQ(url_at(options, noon).expires_at, noon + seconds(1))
      << "the shortest life there is";
}

TEST(PresignedUrl, WorksForHalfOfItsLifeAtLeast) {
  using namespace std::chrono;
  const s3::StoreOptions options = signing(hours(1), seconds(60));
  const sys_seconds time = sys_days(year(2026) / 3 / 7) + seconds(29);
  EXPECT_EQ(url_at(options, time).expires_at, time + seconds(31));
  EXPECT_EQ(url_at(signing(hours(1), seconds(1)), time).expires_at, time + seconds(1));
}

}  // namespace
}  // namespace photodrop::testing
