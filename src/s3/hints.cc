#include "s3/hints.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "s3/retry.h"

namespace photodrop::s3 {
namespace {

struct Hint {
  std::string_view code;
  std::string_view text;
};

constexpr std::string_view kTokenHint =
    "AWS_SESSION_TOKEN must be the valid one of temporary keys, and not set for others";

constexpr std::array<Hint, 8> kHints = {{
    {"NoSuchBucket", "make the bucket, or set BUCKET_NAME to one that is there"},
    {"InvalidAccessKeyId", "the store does not know the key in AWS_ACCESS_KEY"},
    {"SignatureDoesNotMatch",
     "AWS_SECRET_KEY is not that of AWS_ACCESS_KEY, or a proxy on the way alters the request"},
    {"AccessDenied",
     "allow the key s3:ListBucket on the bucket, and s3:PutObject, s3:GetObject and "
     "s3:DeleteObject on what is in it"},
    {"RequestTimeTooSkewed", "set the clock of this machine"},
    {"InvalidToken", kTokenHint},
    {"ExpiredToken", kTokenHint},
    {"InvalidRequest",
     "S3_ENDPOINT_URL, S3_ADDRESSING and AWS_REGION must be those of the store"},
}};

std::string_view hint_for_silence(const HttpReply& reply) {
  if (reply.unknown_host) return "check the host's name and this machine's DNS";
  if (reply.untrusted) {
    return "the certificate must be for this host, and of an authority that this machine "
           "trusts";
  }
  return "the store must run at this address, and no firewall be in between";
}

}  // namespace

std::string hint_for(const HttpReply& reply) {
  if (reply.status == 0) return std::string(hint_for_silence(reply));
  const std::string_view code = error_code(reply.body);
  const auto* const known = std::find_if(
      kHints.begin(), kHints.end(), [code](const Hint& hint) { return hint.code == code; });
  if (known != kHints.end()) return std::string(known->text);
  if (reply.status >= 500) return "the store's own log says more";
  return "S3_ENDPOINT_URL must lead to an S3 store, with nothing in between that answers for "
         "it";
}

}  // namespace photodrop::s3
