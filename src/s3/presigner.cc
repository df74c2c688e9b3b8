#include "s3/presigner.h"

#include <cstddef>

#include "base/text.h"

namespace photodrop::s3 {
namespace {

constexpr std::string_view kMethod = "GET";

// The request for an object without its path, in the query form.
UnsignedRequest form_of(const std::string& host, const Credentials& credentials,
                        const Scope& scope, std::chrono::seconds expires) {
  return query_form({.method = std::string(kMethod),
                     .path = {},
                     .query = {},
                     .headers = {{"host", host}},
                     .payload_hash = std::string(kUnsignedPayload)},
                    credentials, scope, expires);
}

// What a string to sign has before the hash of the canonical request, which ends it.
std::string signing_prefix(const Scope& scope) {
  std::string text = string_to_sign(scope, "");
  text.resize(text.size() - 2 * sizeof(Sha256));
  return text;
}

}  // namespace

Presigner::Presigner(const Bucket& bucket, const Credentials& credentials, const Scope& scope,
                     std::chrono::seconds expires)
    : sha256_(""),
      signature_(as_bytes(signing_key(credentials, scope)), signing_prefix(scope)),
      signed_at_(scope.time),
      expires_at_(scope.time + expires) {
  const ObjectAddress root = address_of(bucket, "");
  const UnsignedRequest form = form_of(root.host, credentials, scope, expires);
  origin_ = root.scheme + "://" + root.host;
  root_ = root.path;
  query_ = "?" + canonical_query(form.query) + "&X-Amz-Signature=";
  behind_path_ = canonical_request(form).substr(kMethod.size() + 1);
}

std::string Presigner::url(std::string_view key) {
  const std::string path = root_ + percent_encode(key, true);
  canonical_request_.assign(kMethod).append("\n").append(path).append(behind_path_);
  const std::string hash = hex(sha256_.then(canonical_request_));
  std::string url;
  url.reserve(origin_.size() + path.size() + query_.size() + hash.size());
  return url.append(origin_).append(path).append(query_).append(hex(signature_.then(hash)));
}

}  // namespace photodrop::s3
