// The signer against AWS's own signing test suite (tests/data/sigv4/README.md): every case in
// both forms, each of the three steps and what is sent in the end.
//
// The suite signs for an imaginary service, not for S3. What it does differently is done here,
// before the signer is called, for the signer knows S3's rules only:
//  - `normalize`: the path is signed with its dot segments and doubled slashes resolved;
//  - targets are written unencoded, and are encoded once as they are for S3;
//  - `sign_body`: x-amz-content-sha256 is a header of the header form in these cases alone;
//  - a presigned query vouches for the body's hash instead of UNSIGNED-PAYLOAD;
//  - `omit_session_token`: the token is added after signing, so the signer never sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "http/query.h"
#include "s3/json_fields.h"
#include "s3/signer.h"
#include "support/json_fixture.h"

namespace photodrop::s3 {
namespace {

constexpr std::size_t kCases = 38;

// What all cases share, and one of them.
struct Vector {
  const JsonValue& context;
  const JsonValue& test_case;

  Credentials credentials() const {
    const bool omits_token = test_case["omit_session_token"].flag();
    return {context["access_key"].text(), context["secret_key"].text(),
            omits_token ? "" : test_case["session_token"].text()};
  }

  Scope scope() const {
    const std::chrono::seconds since_epoch(context["time"].number());
    return {std::chrono::sys_seconds(since_epoch), context["region"].text(),
            context["service"].text()};
  }

  std::chrono::seconds expires() const {
    return std::chrono::seconds(context["expires"].number());
  }
};

// The part before `separator`, which is taken off `text` together with it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::string_view head = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(head.size() + 1, text.size()));
  return head;
}

// Without empty and dot segments (RFC 3986 §5.2.4); a slash at the end stays.
std::string normalized(std::string_view path) {
  const bool ends_with_slash = path.ends_with('/');
  std::vector<std::string_view> kept;
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") kept.push_back(segment);
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  return out.empty() || ends_with_slash ? out + "/" : out;
}

UnsignedRequest request_of(const JsonValue& test_case) {
  std::string_view query = test_case["target"].text();
  const std::string_view path = take_until(query, '?');
  const bool normalize = test_case["normalize"].flag();
  return {.method = test_case["method"].text(),
          .path = percent_encode(normalize ? normalized(path) : std::string(path), true),
          .query = parse_query(query),
          .headers = fields_of(test_case["headers"]),
          .payload_hash = hex(sha256(test_case["body"].text()))};
}

std::string lines(const JsonValue& expected) {
  std::string text;
  for (const JsonValue& line : expected.items()) {
    text += (text.empty() ? "" : "\n") + line.text();
  }
  return text;
}

// The three steps over `form`, against what the suite says of them.
void expect_steps(const UnsignedRequest& form, const Vector& vector,
                  const JsonValue& expected) {
  const std::string canonical = canonical_request(form);
  EXPECT_EQ(canonical, lines(expected["canonical_request"]));
  const std::string to_sign = string_to_sign(vector.scope(), canonical);
  EXPECT_EQ(to_sign, lines(expected["string_to_sign"]));
  const Sha256 key = signing_key(vector.credentials(), vector.scope());
  EXPECT_EQ(signature(key, to_sign), expected["signature"].text());
}

void expect_header_form(const Vector& vector) {
  UnsignedRequest request = request_of(vector.test_case);
  if (vector.test_case["sign_body"].flag()) {
    request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  }
  const JsonValue& expected = vector.test_case["header"];
  expect_steps(header_form(request, vector.credentials(), vector.scope()), vector, expected);
  const Field sent = sign_headers(request, vector.credentials(), vector.scope()).back();
  EXPECT_EQ(sent.first, "Authorization");
  EXPECT_TRUE(sent.second.ends_with(", Signature=" + expected["signature"].text()));
}

void expect_query_form(const Vector& vector) {
  const UnsignedRequest request = request_of(vector.test_case);
  const Credentials credentials = vector.credentials();
  const JsonValue& expected = vector.test_case["query"];
  expect_steps(query_form(request, credentials, vector.scope(), vector.expires()), vector,
               expected);
  EXPECT_EQ(presign_query(request, credentials, vector.scope(), vector.expires()),
            expected["canonical_request"].items().at(2).text() +
                "&X-Amz-Signature=" + expected["signature"].text());
}

// Runs `expect` on every case and returns how many there were.
template <class Expect>
std::size_t for_each_case(Expect expect) {
  const JsonValue suite = read_json_fixture("sigv4/vectors.json");
  for (const JsonValue& test_case : suite["cases"].items()) {
    SCOPED_TRACE(test_case["name"].text());
    expect(Vector{suite["context"], test_case});
  }
  return suite["cases"].items().size();
}

TEST(SignerVectors, AgreeInTheHeaderForm) {
  EXPECT_EQ(for_each_case(expect_header_form), kCases);
}

TEST(SignerVectors, AgreeInTheQueryForm) {
  EXPECT_EQ(for_each_case(expect_query_form), kCases);
}

}  // namespace
}  // namespace photodrop::s3
