// What the doctor makes of a store's answers, whatever they are.
#include "s3/store_checks.h"

#include <gtest/gtest.h>

#include <ctime>

#include "s3/store_doctor.h"

namespace photodrop::testing {
namespace {

using Verdict = Diagnosis::Verdict;

TEST(StoreChecks, FindNothingBadInAGoodStore) {
  const auto found = GoodStore().check();
  ASSERT_EQ(found.size(), 8U);
  for (const Diagnosis& finding : found) {
    EXPECT_EQ(finding.verdict, Verdict::good) << finding.name << ": " << finding.text;
    EXPECT_EQ(finding.hint, "");
  }
  expect_text(found, "store addressing", "path style, http://127.0.0.1");
}

TEST(StoreChecks, SkipTheRestWhenNobodyAnswers) {
  const DeadAddress nobody;
  const auto found = s3::check_store(options_for(nobody.host()));
  ASSERT_EQ(found.size(), 8U);
  EXPECT_EQ(verdict_of(found, "store reach"), Verdict::bad);
  expect_text(found, "store reach", "connect");
  expect_hint(found, "store reach", "must run");
  for (std::size_t i = 1; i < found.size(); ++i) {
    EXPECT_EQ(found[i].verdict, Verdict::skipped) << found[i].name;
  }
}

TEST(StoreChecks, DoNotWaitForAStoreThatHangs) {
  ScriptedServer server({hangs()});
  const auto found = s3::check_store(options_for(server.host(), milliseconds(200)));
  EXPECT_EQ(verdict_of(found, "store reach"), Verdict::bad);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(StoreChecks, KnowAHostThatHasNoAddress) {
  s3::StoreOptions options = options_for("no-such-store.invalid");
  auto found = s3::check_store(options);
  expect_hint(found, "store reach", "DNS");
  EXPECT_EQ(verdict_of(found, "store addressing"), Verdict::skipped);

  options.bucket.addressing = s3::Addressing::virtual_host;
  found = s3::check_store(options);
  EXPECT_EQ(verdict_of(found, "store addressing"), Verdict::bad);
  expect_text(found, "store addressing", "photos.no-such-store.invalid");
  expect_hint(found, "store addressing", "S3_ADDRESSING=path");
}

TEST(StoreChecks, KnowThatNoCertificateHoldsForABucketWithDots) {
  const DeadAddress nobody;
  s3::StoreOptions options = options_for(nobody.host());
  options.bucket = {{"https", "store.invalid"}, "my.photos", s3::Addressing::virtual_host};
  const auto found = s3::check_store(options);
  EXPECT_EQ(verdict_of(found, "store addressing"), Verdict::bad);
  expect_text(found, "store addressing", "dots");
  expect_hint(found, "store addressing", "S3_ADDRESSING=path");
}

// 127.0.0.1 takes no name before it; "localhost" does, on every resolver that we know.
TEST(StoreChecks, KnowAStoreThatTakesNoVirtualHosts) {
  ScriptedServer server({answers(http_answer(200, "<ListAllMyBucketsResult/>"))});
  s3::StoreOptions options = options_for(server.host());
  options.bucket.endpoint.host = "localhost" + server.host().substr(server.host().find(':'));
  options.bucket.addressing = s3::Addressing::virtual_host;
  const auto found = s3::check_store(options);
  EXPECT_EQ(verdict_of(found, "store reach"), Verdict::good);
  EXPECT_EQ(verdict_of(found, "store addressing"), Verdict::bad);
  EXPECT_EQ(verdict_of(found, "store bucket"), Verdict::bad);
  expect_hint(found, "store addressing", "S3_ADDRESSING=path");
}

struct Refusal {
  int status;
  const char* code;
  const char* hint;
};

TEST(StoreChecks, NameTheSettingThatARefusalIsAbout) {
  for (const Refusal& refusal : {Refusal{404, "NoSuchBucket", "BUCKET_NAME"},
                                 {403, "InvalidAccessKeyId", "AWS_ACCESS_KEY"},
                                 {403, "SignatureDoesNotMatch", "AWS_SECRET_KEY"},
                                 {403, "AccessDenied", "s3:ListBucket"},
                                 {400, "InvalidToken", "AWS_SESSION_TOKEN"},
                                 {400, "ExpiredToken", "AWS_SESSION_TOKEN"},
                                 {403, "RequestTimeTooSkewed", "clock"},
                                 {400, "InvalidRequest", "AWS_REGION"},
                                 {501, "NotImplemented", "log"},
                                 {405, "MethodNotAllowed", "S3_ENDPOINT_URL"}}) {
    const auto found = check_listing(s3_error(refusal.status, refusal.code));
    EXPECT_EQ(verdict_of(found, "store reach"), Verdict::good);
    EXPECT_EQ(verdict_of(found, "store region"), Verdict::skipped) << refusal.code;
    EXPECT_EQ(verdict_of(found, "store bucket"), Verdict::bad) << refusal.code;
    expect_text(found, "store bucket", refusal.code);
    expect_hint(found, "store bucket", refusal.hint);
    for (const char* const name :
         {"store round trip", "store public URL", "store versioning"}) {
      EXPECT_EQ(verdict_of(found, name), Verdict::skipped) << name;
    }
  }
}

TEST(StoreChecks, KnowWhatIsNoStore) {
  for (const std::string& answer :
       {http_answer(200, "<html>Welcome</html>"), http_answer(404, "<html>Not here</html>"),
        http_answer(301, "", "Location: https://store.example/\r\n")}) {
    const auto found = check_listing(answer);
    EXPECT_EQ(verdict_of(found, "store bucket"), Verdict::bad);
    expect_hint(found, "store bucket", "S3_ENDPOINT_URL");
  }
}

std::string region_error(int status, const std::string& code, const std::string& region) {
  return http_answer(status,
                     "<Error><Code>" + code + "</Code><Region>" + region + "</Region></Error>");
}

TEST(StoreChecks, NameTheRegionThatTheStoreNames) {
  for (const std::string& answer :
       {region_error(400, "AuthorizationHeaderMalformed", "eu-west-1"),
        s3_error(301, "PermanentRedirect", "x-amz-bucket-region: eu-west-1\r\n"),
        s3_error(307, "TemporaryRedirect", "X-Amz-Bucket-Region: eu-west-1\r\n")}) {
    const auto found = check_listing(answer);
    EXPECT_EQ(verdict_of(found, "store region"), Verdict::bad);
    expect_text(found, "store region", "us-east-1 is refused");
    expect_hint(found, "store region", "AWS_REGION=eu-west-1;");
    EXPECT_EQ(verdict_of(found, "store bucket"), Verdict::skipped);
    EXPECT_EQ(verdict_of(found, "store round trip"), Verdict::skipped);
  }
}

TEST(StoreChecks, KnowAWrongRegionWithoutTheRightOne) {
  const auto found = check_listing(s3_error(400, "AuthorizationHeaderMalformed"));
  EXPECT_EQ(verdict_of(found, "store region"), Verdict::bad);
  expect_hint(found, "store region", "region of the bucket");
}

TEST(StoreChecks, KnowTheRightRegionByARefusalOfAnotherKind) {
  const auto found =
      check_listing(s3_error(403, "AccessDenied", "x-amz-bucket-region: us-east-1\r\n"));
  EXPECT_EQ(verdict_of(found, "store region"), Verdict::good);
}

std::vector<Diagnosis> check_with_lead(std::time_t seconds) {
  return check_listing(http_answer(200, kListing, date_header(std::time(nullptr) - seconds)));
}

TEST(StoreChecks, CompareTheClocks) {
  EXPECT_EQ(verdict_of(check_with_lead(5), "store clock"), Verdict::good);
  EXPECT_EQ(verdict_of(check_with_lead(-5), "store clock"), Verdict::good);

  for (const std::time_t lead : {100, -100}) {
    const auto found = check_with_lead(lead);
    EXPECT_EQ(verdict_of(found, "store clock"), Verdict::warning);
    expect_text(found, "store clock",
                lead < 0 ? " behind the store's" : " ahead of the store's");
    expect_hint(found, "store clock", "time service");
  }
  EXPECT_EQ(verdict_of(check_with_lead(2000), "store clock"), Verdict::bad);
  EXPECT_EQ(verdict_of(check_with_lead(-2000), "store clock"), Verdict::bad);
  EXPECT_EQ(verdict_of(check_listing(http_answer(200, kListing)), "store clock"),
            Verdict::skipped);
}

// The signer makes up for it, and the rest can be checked.
TEST(StoreChecks, CompareTheClocksOfAStoreThatRefusesOurs) {
  const std::string date = date_header(std::time(nullptr) + 7200);
  GoodStore store;
  store.turns[kListTurn] = answers(http_answer(200, kListing, date));
  store.turns.insert(store.turns.begin(), answers(s3_error(403, "RequestTimeTooSkewed", date)));
  const auto found = store.check();
  EXPECT_EQ(verdict_of(found, "store clock"), Verdict::bad);
  EXPECT_EQ(verdict_of(found, "store bucket"), Verdict::good);
}

TEST(StoreChecks, WarnOfVersioning) {
  GoodStore store;
  store.turns[kVersioningTurn] = answers(http_answer(
      200, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
  auto found = store.check();
  EXPECT_EQ(verdict_of(found, "store versioning"), Verdict::warning);
  expect_hint(found, "store versioning", "noncurrent");

  store.turns[kVersioningTurn] = answers(http_answer(
      200, "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"));
  found = store.check();
  EXPECT_EQ(verdict_of(found, "store versioning"), Verdict::good);
  expect_text(found, "store versioning", "suspended");
}

TEST(StoreChecks, SkipVersioningThatAStoreDoesNotKnow) {
  for (const std::string& answer :
       {s3_error(501, "NotImplemented"), s3_error(403, "AccessDenied")}) {
    GoodStore store;
    store.turns[kVersioningTurn] = answers(answer);
    EXPECT_EQ(verdict_of(store.check(), "store versioning"), Verdict::skipped);
  }
}

}  // namespace
}  // namespace photodrop::testing
