// Keys of objects in URLs that are signed, and queries in their canonical form.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "fuzz/targets.h"
#include "http/query.h"
#include "s3/client.h"
#include "s3/signer.h"

namespace photodrop::fuzz {
namespace {

constexpr std::string_view kUnreserved =  // RFC 3986 §2.3
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// Nothing but unreserved characters, escapes, and those that are `allowed` besides.
bool is_encoded(std::string_view text, const std::string& allowed) {
  const std::string plain = std::string(kUnreserved) + allowed;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(plain), text.size()));
    if (text.empty()) return true;
    if (text.size() < 3 || text[0] != '%') return false;
    if (text.substr(1, 2).find_first_not_of(kHexDigits) != std::string_view::npos) return false;
    text.remove_prefix(3);
  }
}

s3::StoreOptions store(s3::Addressing addressing) {
  const s3::Bucket bucket{{"https", "s3.example:9000"}, "photos", addressing};
  return {.bucket = bucket,
          .public_bucket = bucket,
          .sender = {.region = "us-east-1", .credentials = {"id", "secret", "to/ken="}}};
}

// The URL leads to the key and to nothing else.
void expect_key_is_signed(std::string_view key, s3::Addressing addressing) {
  const std::string url =
      s3::presigner_at(store(addressing), std::chrono::sys_seconds{}).url(key);
  const std::string start = addressing == s3::Addressing::path
                                ? "https://s3.example:9000/photos/"
                                : "https://photos.s3.example:9000/";
  ASSERT_EQ(url.substr(0, start.size()), start);
  const std::size_t question = url.find('?');
  const std::string path = url.substr(start.size(), question - start.size());
  EXPECT_TRUE(is_encoded(path, "/")) << path;
  EXPECT_EQ(percent_decode(path), key);
  EXPECT_EQ(find_field(parse_query(url.substr(question + 1)), "X-Amz-Expires"), "604800");
}

// Encoded and sorted, the fields are the same.
void expect_query_is_canonical(QueryFields fields) {
  const std::string canonical = s3::canonical_query(fields);
  EXPECT_TRUE(is_encoded(canonical, "&=")) << canonical;
  const QueryFields sent = parse_query(canonical);
  EXPECT_TRUE(std::is_permutation(sent.begin(), sent.end(), fields.begin(), fields.end()));
  EXPECT_EQ(s3::canonical_query(sent), canonical);
}

void run(std::string_view input) {
  expect_key_is_signed(input, s3::Addressing::path);
  expect_key_is_signed(input, s3::Addressing::virtual_host);
  expect_query_is_canonical(parse_query(input));
}

}  // namespace

Target signer_target() {
  return {"signer",
          run,
          {"8e03978e-40d5-43dd-bc93-6894a57f9324_cat.jpg", "a//b/../c%2Fd e+f?g#h",
           "\xE6\x97\xA5\xE6\x9C\xAC\xFF", "list-type=2&a-b=%26&a=%3D&a="}};
}

}  // namespace photodrop::fuzz
