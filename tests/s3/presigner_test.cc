// The presigner against the signer, of which it is a faster form.
#include "s3/presigner.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace photodrop::s3 {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

const Credentials kLongLived{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                             ""};
const Credentials kTemporary{"ASIA/odd+key", "secret", "token/with+signs==&? and a space"};
const sys_seconds kMidnight{seconds(1369353600)};

std::vector<Bucket> buckets() {
  return {{{"http", "localhost:9000"}, "photos", Addressing::path},
          {{"https", "[::1]:9000"}, "my.photos", Addressing::path},
          {{"https", "s3.amazonaws.com"}, "photos", Addressing::virtual_host}};
}

std::vector<std::string> keys() {
  std::vector<std::string> keys = {"",  "k",   "a/b",    "a//b",    "a/../b",
                                   "/", "%41", "~!*'()", "?x=1&y#z"};
  std::string growing;
  for (int byte = 0; byte < 256; ++byte) {
    growing += static_cast<char>(byte);
    keys.push_back(growing);
    keys.push_back(std::string(static_cast<std::size_t>(byte), 'x'));
  }
  return keys;
}

std::string by_the_signer(const ObjectAddress& address, const Credentials& credentials,
                          const Scope& scope, seconds expires) {
  const UnsignedRequest request{.method = "GET",
                                .path = address.path,
                                .query = {},
                                .headers = {{"host", address.host}},
                                .payload_hash = std::string(kUnsignedPayload)};
  return address.url() + "?" + presign_query(request, credentials, scope, expires);
}

TEST(Presigner, MakesTheUrlsOfTheSigner) {
  for (const Bucket& bucket : buckets()) {
    for (const Credentials& credentials : {kLongLived, kTemporary}) {
      const Scope scope{kMidnight + seconds(1), "eu-west-1"};
      Presigner presigner(bucket, credentials, scope, hours(1));
      for (const std::string& key : keys()) {
        EXPECT_EQ(presigner.url(key),
                  by_the_signer(address_of(bucket, key), credentials, scope, hours(1)));
      }
    }
  }
}

TEST(Presigner, KeepsNothingOfAnEarlierKey) {
  Presigner presigner(buckets()[0], kLongLived, {kMidnight, "us-east-1"}, hours(1));
  const std::string first = presigner.url("a");
  presigner.url(std::string(1000, 'b'));
  EXPECT_EQ(presigner.url("a"), first);
}

TEST(Presigner, IsAsGoodOnEitherSideOfMidnight) {
  const Bucket bucket = buckets()[0];
  for (const sys_seconds time : {kMidnight - seconds(1), kMidnight, kMidnight + hours(24)}) {
    const Scope scope{time, "us-east-1"};
    Presigner presigner(bucket, kLongLived, scope, kMaxExpires);
    EXPECT_EQ(presigner.url("k"),
              by_the_signer(address_of(bucket, "k"), kLongLived, scope, kMaxExpires));
    EXPECT_EQ(presigner.signed_at(), time);
    EXPECT_EQ(presigner.expires_at(), time + kMaxExpires);
  }
}

TEST(Presigner, CanTakeThePlaceOfAnother) {
  const Bucket bucket = buckets()[0];
  Presigner presigner(bucket, kLongLived, {kMidnight, "us-east-1"}, hours(1));
  Presigner next(bucket, kTemporary, {kMidnight + hours(1), "us-east-1"}, hours(2));
  const std::string url = next.url("k");
  presigner = std::move(next);
  EXPECT_EQ(presigner.url("k"), url);
}

TEST(Presigner, RefusesALifeThatNoStoreTakes) {
  for (const seconds life : {seconds(-1), seconds(0), kMaxExpires + seconds(1)}) {
    EXPECT_THROW(Presigner(buckets()[0], kLongLived, {kMidnight, "us-east-1"}, life), Error);
  }
}

}  // namespace
}  // namespace photodrop::s3
