#include "s3/signer.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include "base/error.h"
#include "base/text.h"

namespace photodrop::s3 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::size_t kDayLength = 8;  // of 20130524T000000Z

std::string day(const Scope& scope) {
  return amz_date(scope.time).substr(0, kDayLength);
}

std::string credential_scope(const Scope& scope) {
  return day(scope) + "/" + scope.region + "/" + scope.service + "/" + std::string(kTerminator);
}

std::string credential(const Credentials& credentials, const Scope& scope) {
  return credentials.access_key + "/" + credential_scope(scope);
}

// Without space at the ends, and every run of it inside as one space.
std::string collapse_space(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    const bool space = c == ' ' || c == '\t';
    if (space && out.ends_with(' ')) continue;
    out += space ? ' ' : c;
  }
  return out;
}

// Lower-case names in their order, each with all its values joined by commas in theirs.
std::map<std::string, std::string> canonical_headers(const std::vector<Field>& headers) {
  std::map<std::string, std::string> canonical;
  for (const auto& [name, value] : headers) {
    const auto [header, is_first] = canonical.try_emplace(lower_ascii(name));
    if (!is_first) header->second += ',';
    header->second += collapse_space(value);
  }
  return canonical;
}

std::string signed_headers(const std::map<std::string, std::string>& canonical) {
  std::string names;
  for (const auto& [name, value] : canonical) names += (names.empty() ? "" : ";") + name;
  return names;
}

// The signature of a request that is in one of its forms.
std::string sign(const UnsignedRequest& form, const Credentials& credentials,
                 const Scope& scope) {
  return signature(signing_key(credentials, scope),
                   string_to_sign(scope, canonical_request(form)));
}

void require_valid(std::chrono::seconds expires) {
  if (expires >= kMinExpires && expires <= kMaxExpires) return;
  throw Error(Fault::internal, "The service made an error.",
              "a presigned URL cannot be valid for " + std::to_string(expires.count()) + " s");
}

}  // namespace

std::vector<Field> sign_headers(const UnsignedRequest& request, const Credentials& credentials,
                                const Scope& scope) {
  const UnsignedRequest form = header_form(request, credentials, scope);
  const auto first_added = static_cast<std::ptrdiff_t>(request.headers.size());
  std::vector<Field> added(form.headers.begin() + first_added, form.headers.end());
  added.emplace_back("Authorization",
                     std::string(kAlgorithm) + " Credential=" + credential(credentials, scope) +
                         ", SignedHeaders=" + signed_headers(canonical_headers(form.headers)) +
                         ", Signature=" + sign(form, credentials, scope));
  return added;
}

std::string presign_query(const UnsignedRequest& request, const Credentials& credentials,
                          const Scope& scope, std::chrono::seconds expires) {
  const UnsignedRequest form = query_form(request, credentials, scope, expires);
  return canonical_query(form.query) + "&X-Amz-Signature=" + sign(form, credentials, scope);
}

UnsignedRequest header_form(UnsignedRequest request, const Credentials& credentials,
                            const Scope& scope) {
  request.headers.emplace_back("x-amz-date", amz_date(scope.time));
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("x-amz-security-token", credentials.session_token);
  }
  return request;
}

UnsignedRequest query_form(UnsignedRequest request, const Credentials& credentials,
                           const Scope& scope, std::chrono::seconds expires) {
  require_valid(expires);
  request.query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  request.query.emplace_back("X-Amz-Credential", credential(credentials, scope));
  request.query.emplace_back("X-Amz-Date", amz_date(scope.time));
  request.query.emplace_back("X-Amz-Expires", std::to_string(expires.count()));
  request.query.emplace_back("X-Amz-SignedHeaders",
                             signed_headers(canonical_headers(request.headers)));
  if (!credentials.session_token.empty()) {
    request.query.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
  return request;
}

// Pairs are sorted, not "name=value" strings: "a-b" comes after "a" although '-' < '='.
std::string canonical_query(const std::vector<Field>& query) {
  std::vector<Field> encoded;
  encoded.reserve(query.size());
  for (const auto& [name, value] : query) {
    encoded.emplace_back(percent_encode(name), percent_encode(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string canonical_request(const UnsignedRequest& request) {
  const auto headers = canonical_headers(request.headers);
  std::string out = request.method + "\n" + request.path + "\n";
  out += canonical_query(request.query) + "\n";
  for (const auto& [name, value] : headers) {
    out.append(name).append(":").append(value).append("\n");
  }
  out += "\n" + signed_headers(headers) + "\n" + request.payload_hash;
  return out;
}

std::string string_to_sign(const Scope& scope, std::string_view canonical_request) {
  return std::string(kAlgorithm) + "\n" + amz_date(scope.time) + "\n" +
         credential_scope(scope) + "\n" + hex(sha256(canonical_request));
}

Sha256 signing_key(const Credentials& credentials, const Scope& scope) {
  Sha256 key = hmac_sha256("AWS4" + credentials.secret_key, day(scope));
  key = hmac_sha256(as_bytes(key), scope.region);
  key = hmac_sha256(as_bytes(key), scope.service);
  return hmac_sha256(as_bytes(key), kTerminator);
}

std::string signature(const Sha256& signing_key, std::string_view string_to_sign) {
  return hex(hmac_sha256(as_bytes(signing_key), string_to_sign));
}

std::string amz_date(std::chrono::sys_seconds time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc)};
}

}  // namespace photodrop::s3
