// The signer against the six worked examples of the Amazon S3 API Reference ("Signature
// Calculations for the Authorization Header", "… Using Query Parameters", "… Transferring
// Payload in Multiple Chunks"), and its rules one by one.
#include "s3/signer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "base/error.h"

namespace photodrop::s3 {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

constexpr sys_days kDay{std::chrono::year{2013} / 5 / 24};

const Credentials kKeys{.access_key = "AKIAIOSFODNN7EXAMPLE",
                        .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                        .session_token = ""};
const Credentials kTemporaryKeys{kKeys.access_key, kKeys.secret_key, "to/ken+=="};
const Scope kScope{.time = kDay, .region = "us-east-1"};

UnsignedRequest get(const std::string& path) {
  return {.method = "GET",
          .path = path,
          .query = {},
          .headers = {{"Host", "examplebucket.s3.amazonaws.com"}},
          .payload_hash = std::string(kEmptyPayloadHash)};
}

UnsignedRequest put(const std::string& path, const std::string& payload_hash) {
  UnsignedRequest request = get(path);
  request.method = "PUT";
  request.payload_hash = payload_hash;
  return request;
}

// As S3 wants it: with the payload hash as a header.
std::string authorization(UnsignedRequest request, const Credentials& credentials = kKeys) {
  request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  const Field last = sign_headers(request, credentials, kScope).back();
  EXPECT_EQ(last.first, "Authorization");
  return last.second;
}

std::string expected_authorization(const std::string& signed_headers,
                                   const std::string& signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
         "SignedHeaders=" +
         signed_headers + ", Signature=" + signature;
}

std::string canonical_headers_of(const std::vector<Field>& headers) {
  UnsignedRequest request = get("/");
  request.headers = headers;
  const std::string canonical = canonical_request(request);
  const std::size_t start = std::string("GET\n/\n\n").size();
  return canonical.substr(start, canonical.rfind('\n') - start);
}

std::string canonical_query_of(const std::vector<Field>& query) {
  UnsignedRequest request = get("/");
  request.query = query;
  const std::string canonical = canonical_request(request);
  const std::size_t start = std::string("GET\n/\n").size();
  return canonical.substr(start, canonical.find('\n', start) - start);
}

std::string presign(seconds expires, const Credentials& credentials = kKeys) {
  UnsignedRequest request = get("/test.txt");
  request.payload_hash = kUnsignedPayload;
  return presign_query(request, credentials, kScope, expires);
}

void expect_refused(seconds expires) {
  try {
    presign(expires);
    ADD_FAILURE() << expires.count() << " s were accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::internal);
    EXPECT_NE(error.cause().find(std::to_string(expires.count()) + " s"), std::string::npos);
  }
}

TEST(SignerExamples, GetObjectWithARange) {
  UnsignedRequest request = get("/test.txt");
  request.headers.emplace_back("Range", "bytes=0-9");
  EXPECT_EQ(authorization(request),
            expected_authorization(
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
}

TEST(SignerExamples, PutObject) {
  UnsignedRequest request = put("/test%24file.text", hex(sha256("Welcome to Amazon S3.")));
  request.headers.emplace_back("Date", "Fri, 24 May 2013 00:00:00 GMT");
  request.headers.emplace_back("x-amz-storage-class", "REDUCED_REDUNDANCY");
  EXPECT_EQ(authorization(request),
            expected_authorization(
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(SignerExamples, GetBucketLifecycle) {
  UnsignedRequest request = get("/");
  request.query = {{"lifecycle", ""}};
  EXPECT_EQ(authorization(request),
            expected_authorization(
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST(SignerExamples, ListObjects) {
  UnsignedRequest request = get("/");
  request.query = {{"prefix", "J"}, {"max-keys", "2"}};
  EXPECT_EQ(authorization(request),
            expected_authorization(
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(SignerExamples, PresignedGetObject) {
  EXPECT_EQ(
      presign(seconds(86400)),
      "X-Amz-Algorithm=AWS4-HMAC-SHA256"
      "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
      "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(SignerExamples, SeedOfAChunkedUpload) {
  UnsignedRequest request =
      put("/examplebucket/chunkObject.txt", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  request.headers = {{"Host", "s3.amazonaws.com"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                     {"Content-Encoding", "aws-chunked"},
                     {"x-amz-decoded-content-length", "66560"},
                     {"Content-Length", "66824"}};
  EXPECT_EQ(authorization(request),
            expected_authorization(
                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                "x-amz-decoded-content-length;x-amz-storage-class",
                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"));
}

TEST(Signer, AddsOnlyTheDateAndTheAuthorizationForLongLivedKeys) {
  const auto added = sign_headers(get("/"), kKeys, kScope);
  ASSERT_EQ(added.size(), 2u);
  EXPECT_EQ(added[0], Field("x-amz-date", "20130524T000000Z"));
  EXPECT_EQ(added[1].first, "Authorization");
}

TEST(Signer, SendsAndSignsTheTokenOfTemporaryKeysAsAHeader) {
  const auto added = sign_headers(get("/"), kTemporaryKeys, kScope);
  ASSERT_EQ(added.size(), 3u);
  EXPECT_EQ(added[1], Field("x-amz-security-token", "to/ken+=="));
  EXPECT_NE(added[2].second.find("SignedHeaders=host;x-amz-date;x-amz-security-token,"),
            std::string::npos);
}

TEST(Signer, PutsTheTokenOfTemporaryKeysInsideThePresignedQuery) {
  const std::string query = presign(seconds(60), kTemporaryKeys);
  const std::size_t token = query.find("&X-Amz-Security-Token=to%2Fken%2B%3D%3D&");
  EXPECT_LT(token, query.find("&X-Amz-SignedHeaders="));
}

TEST(Signer, SortsTheCallersParametersIntoThePresignedQuery) {
  UnsignedRequest request = get("/test.txt");
  request.query = {{"response-content-type", "image/png"}, {"Version", "a b"}};
  const std::string query = presign_query(request, kKeys, kScope, seconds(60));
  EXPECT_TRUE(query.starts_with("Version=a%20b&X-Amz-Algorithm="));
  EXPECT_LT(query.find("&response-content-type=image%2Fpng&X-Amz-Signature="), query.size());
}

TEST(Signer, PresignsForOneSecondToSevenDays) {
  EXPECT_NE(presign(seconds(1)).find("&X-Amz-Expires=1&"), std::string::npos);
  EXPECT_NE(presign(seconds(604800)).find("&X-Amz-Expires=604800&"), std::string::npos);
}

TEST(Signer, RefusesToPresignForAnyOtherTime) {
  expect_refused(seconds(0));
  expect_refused(seconds(-1));
  expect_refused(seconds(604801));
}

TEST(Signer, SortsHeadersByTheirLowerCaseNames) {
  EXPECT_EQ(canonical_headers_of({{"X-B", "2"}, {"host", "h"}, {"x-a", "1"}}),
            "host:h\nx-a:1\nx-b:2\n\nhost;x-a;x-b");
}

TEST(Signer, JoinsTheValuesOfOneHeaderInTheirOrder) {
  EXPECT_EQ(canonical_headers_of({{"a", "2"}, {"A", " 1 "}, {"a", ""}}), "a:2,1,\n\na");
}

TEST(Signer, TrimsHeaderValuesAndCollapsesSpaceInsideThem) {
  EXPECT_EQ(canonical_headers_of({{"a", "  x \t y\t\tz  \t"}}), "a:x y z\n\na");
}

TEST(Signer, SortsTheQueryByEncodedNameThenValue) {
  EXPECT_EQ(canonical_query_of({{"a-b", "1"}, {"a", "3"}, {"a", "2"}, {"é", "0"}}),
            "%C3%A9=0&a=2&a=3&a-b=1");
}

TEST(Signer, EncodesEveryByteOfTheQueryButTheUnreserved) {
  EXPECT_EQ(canonical_query_of({{"~/k+", "-._ %&='\xFF"}}), "~%2Fk%2B=-._%20%25%26%3D%27%FF");
}

TEST(Signer, SignsThePathAsItIs) {
  const std::string canonical = canonical_request(get("/a%20b//../%7E./"));
  EXPECT_TRUE(canonical.starts_with("GET\n/a%20b//../%7E./\n\n"));
}

// The key of the IAM User Guide's own example.
TEST(Signer, DerivesTheSigningKey) {
  const Credentials keys{"", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  const Scope scope{sys_days(std::chrono::year{2015} / 8 / 30), "us-east-1", "iam"};
  EXPECT_EQ(hex(signing_key(keys, scope)),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(Signer, ChangesTheSigningKeyAtMidnightAndNotBefore) {
  const auto key_at = [](seconds into_day) {
    return signing_key(kKeys, {.time = kDay + into_day, .region = "us-east-1"});
  };
  EXPECT_EQ(key_at(seconds(0)), key_at(seconds(86399)));
  EXPECT_NE(key_at(seconds(86399)), key_at(seconds(86400)));
}

TEST(Signer, WritesTheDateInUtcWithLeadingZeros) {
  ASSERT_EQ(setenv("TZ", "JST-9", 1), 0);
  tzset();
  const std::chrono::sys_seconds time =
      sys_days(std::chrono::year{2024} / 2 / 29) + std::chrono::hours(1) + seconds(125);
  EXPECT_EQ(amz_date(time), "20240229T010205Z");
  unsetenv("TZ");
  tzset();
}

TEST(Signer, KnowsTheHashOfNothing) {
  EXPECT_EQ(hex(sha256("")), kEmptyPayloadHash);
}

}  // namespace
}  // namespace photodrop::s3
