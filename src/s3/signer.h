// AWS Signature Version 4 as pure functions: the time is passed in, nothing is remembered.
// Source: "Signature Version 4 signing process" and, for S3's own rules (no path normalisation,
// one round of encoding), "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3
// API Reference.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace photodrop::s3 {

struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // empty for long-lived keys
};

// What a signature is bound to beside the request itself.
struct Scope {
  std::chrono::sys_seconds time;
  std::string region;
  std::string service = "s3";
};

using Field = std::pair<std::string, std::string>;

// How the path enters the canonical request. S3 takes it as it was sent, encoded once; every
// other service normalises it (RFC 3986 §6) and encodes it once more.
enum class PathStyle { s3, normalized };

// A request before it is signed. Header names may have any case; `host` must be among them, with
// its port when that is not the scheme's own.
struct UnsignedRequest {
  std::string method;
  std::string path;            // already percent-encoded, exactly as it will be sent
  std::vector<Field> query;    // decoded names and values
  std::vector<Field> headers;  // those to sign
  std::string payload_hash;    // hex SHA-256 of the body, or kUnsignedPayload
  PathStyle path_style = PathStyle::s3;
};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view kEmptyPayloadHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// The steps of the algorithm, each a value that AWS's published vectors spell out.
std::string canonical_request(const UnsignedRequest& request);
std::string string_to_sign(const Scope& scope, std::string_view canonical_request);
std::string signature(const Credentials& credentials, const Scope& scope,
                      std::string_view string_to_sign);

// The header form: the headers to add to the request (x-amz-date, x-amz-security-token when there
// is a token, Authorization). `request.headers` must already hold every other signed header.
std::vector<Field> sign_headers(const UnsignedRequest& request, const Credentials& credentials,
                                const Scope& scope);

// The query form: the whole presigned query string, without '?', signature included, valid for
// `expires` (1 s to 7 days) from `scope.time`.
std::string presign_query(const UnsignedRequest& request, const Credentials& credentials,
                          const Scope& scope, std::chrono::seconds expires);

// 20130524T000000Z
std::string amz_date(std::chrono::sys_seconds time);

}  // namespace photodrop::s3
