// Many presigned URLs at once: those of one bucket, as of one time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "s3/endpoint.h"
#include "s3/signer.h"

namespace photodrop::s3 {

// What the URLs of one bucket share, made ready once: the signing key, the query, and all of
// canonical request and string to sign but the object's path and the hash. What comes out is
// what presign_query makes of each. Not for use by two threads at once.
class Presigner {
 public:
  // The URLs are for GET and valid for `expires` from `scope.time`. Throws as presign_query
  // does.
  Presigner(const Bucket& bucket, const Credentials& credentials, const Scope& scope,
            std::chrono::seconds expires);

  std::string url(std::string_view key);

  std::chrono::sys_seconds signed_at() const { return signed_at_; }
  std::chrono::sys_seconds expires_at() const { return expires_at_; }

 private:
  std::string origin_;             // scheme and host
  std::string root_;               // the path of the empty key, with which all others begin
  std::string query_;              // from '?' up to the signature
  std::string behind_path_;        // the canonical request from there on
  std::string canonical_request_;  // of one URL; kept for its memory
  Sha256Prefix sha256_;
  HmacPrefix signature_;  // of strings to sign, which differ in their last hash alone
  std::chrono::sys_seconds signed_at_;
  std::chrono::sys_seconds expires_at_;
};

}  // namespace photodrop::s3
