// AWS Signature Version 4 as pure functions: the time is passed in, nothing is remembered.
//
// A signature is made in three steps, each a value of its own here: the canonical request, the
// string to sign, and the HMAC of that string under a key derived from the secret. They are the
// same for both forms, the Authorization header and the presigned query; the forms differ in
// where the request itself carries date, scope and session token.
//
// The rules are S3's: the path is signed as it is sent, encoded once and never normalised, so
// that "a//b" and "a/../b" are keys like any other.
//
// Sources: "AWS Signature Version 4 for API requests" in the IAM User Guide, and
// "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"

namespace photodrop::s3 {

struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;                                // empty for long-lived keys
  std::optional<std::chrono::sys_seconds> expires_at = {};  // as far as it is known
};

// What a signature is bound to beside the request itself. One value serves one request, so that
// its date, its scope and x-amz-date can never disagree.
struct Scope {
  std::chrono::sys_seconds time;
  std::string region;
  std::string service = "s3";
};

using Field = std::pair<std::string, std::string>;

// A request before it is signed. Header names may have any case; `host` must be among them,
// with its port when that is not the scheme's own. Headers that a proxy may alter do not belong
// here.
struct UnsignedRequest {
  std::string method;
  std::string path;            // from its '/', percent-encoded, exactly as it will be sent
  std::vector<Field> query;    // decoded names and values
  std::vector<Field> headers;  // those to sign, no more
  std::string payload_hash;    // hex SHA-256 of the body, or kUnsignedPayload
};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view kEmptyPayloadHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// S3's bounds of a presigned query's life.
inline constexpr std::chrono::seconds kMinExpires{1};
inline constexpr std::chrono::seconds kMaxExpires{7 * 24 * 3600};

// The header form: the headers to add to the request, which are x-amz-date,
// x-amz-security-token when there is a token, and Authorization. `request` must already hold
// every other header to sign; for S3 that includes x-amz-content-sha256, equal to its payload
// hash.
std::vector<Field> sign_headers(const UnsignedRequest& request, const Credentials& credentials,
                                const Scope& scope);

// The query form: the whole query string, without '?', sorted and encoded, the signature last.
// It is valid for `expires` from `scope.time`, and dies earlier when the session token does.
// S3 expects kUnsignedPayload as the payload hash. Throws Error{internal} when `expires` is not
// within kMinExpires and kMaxExpires.
std::string presign_query(const UnsignedRequest& request, const Credentials& credentials,
                          const Scope& scope, std::chrono::seconds expires);

// The request as the header form signs it: with x-amz-date and any session token as headers.
UnsignedRequest header_form(UnsignedRequest request, const Credentials& credentials,
                            const Scope& scope);

// The request as the query form signs it: with the X-Amz-… parameters, any session token among
// them, in its query. Throws as presign_query does.
UnsignedRequest query_form(UnsignedRequest request, const Credentials& credentials,
                           const Scope& scope, std::chrono::seconds expires);

// The query string as it is signed, and as it has to be sent: names and values encoded, sorted.
std::string canonical_query(const std::vector<Field>& query);

// The steps over a request in one of its forms. The key is the same for all requests of one day
// (UTC), region and service: who signs many URLs at once derives it once.
std::string canonical_request(const UnsignedRequest& request);
std::string string_to_sign(const Scope& scope, std::string_view canonical_request);
Sha256 signing_key(const Credentials& credentials, const Scope& scope);
std::string signature(const Sha256& signing_key, std::string_view string_to_sign);

// 20130524T000000Z
std::string amz_date(std::chrono::sys_seconds time);

}  // namespace photodrop::s3
