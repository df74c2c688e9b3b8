#include "s3/client.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "s3/listing.h"
#include "s3/retry.h"

namespace photodrop::s3 {
namespace {

// What the store answers with the object: an object never changes under its key, so a browser
// need not ask for it again as long as its URL is the same. Whoever holds that may read it,
// shared caches may not.
constexpr char kCacheControl[] = "private, max-age=31536000, immutable";

constexpr std::size_t kMaxObjectBytes = std::size_t{1} << 30;
constexpr std::size_t kMaxListingBytes = std::size_t{16} << 20;

// No other 404 says so: one of NoSuchBucket is a wrong setting's, one without a code may be
// that of a proxy.
bool is_missing_object(const HttpReply& reply) {
  return reply.status == 404 && error_code(reply.body) == "NoSuchKey";
}

Error unavailable(const std::string& detail, const std::string& what, const Outcome& outcome) {
  return {Fault::storage_unavailable, detail, what + ": " + describe(outcome.last)};
}

// At least half of a URL's life is still to come.
std::chrono::sys_seconds signing_time(const StoreOptions& options,
                                      std::chrono::sys_seconds now) {
  const auto window = std::min(options.presign_window, options.presign_expires / 2);
  if (window <= std::chrono::seconds(0)) return now;
  return now - now.time_since_epoch() % window;
}

// What temporary credentials have signed ends with them.
std::chrono::seconds life_of_urls(const StoreOptions& options,
                                  std::chrono::sys_seconds signed_at) {
  const auto& end = options.sender.credentials.expires_at;
  if (!end) return options.presign_expires;
  return std::clamp(*end - signed_at, kMinExpires, options.presign_expires);
}

}  // namespace

Presigner presigner_at(const StoreOptions& options, std::chrono::sys_seconds now) {
  const auto time = signing_time(options, now);
  return {options.public_bucket, options.sender.credentials,
          Scope{.time = time, .region = options.sender.region}, life_of_urls(options, time)};
}

Client::Client(StoreOptions options, CircuitBreaker* breaker)
    : options_(std::move(options)), sender_(options_.sender, breaker) {}

PutOutcome Client::put(const NewObject& object) {
  const std::string hash = hex(object.sha256);
  const Outcome outcome =
      sender_.send({.method = "PUT",
                    .address = address_of(options_.bucket, object.key),
                    .headers = {{"cache-control", kCacheControl},
                                {"content-type", std::string(object.content_type)},
                                {"x-amz-meta-sha256", hash}},
                    .payload_hash = hash,
                    .body = object.bytes});
  if (outcome.done) return PutOutcome::stored;
  log(Level::error, "put failed", {{"key", object.key}, {"cause", describe(outcome.last)}});
  return outcome.may_have_landed ? PutOutcome::unknown : PutOutcome::absent;
}

void Client::remove(std::string_view key) {
  const Outcome outcome =
      sender_.send({.method = "DELETE", .address = address_of(options_.bucket, key)});
  if (outcome.done || is_missing_object(outcome.last)) return;
  throw unavailable("The photo could not be deleted just now.", "DELETE", outcome);
}

ObjectUrl Client::url(std::string_view key) {
  const auto now = sender_.now();
  if (!presigner_ || presigner_->signed_at() != signing_time(options_, now)) {
    presigner_ = presigner_at(options_, now);
  }
  return {presigner_->url(key), presigner_->expires_at()};
}

ObjectRequest Client::read_request(std::string_view key) {
  const ObjectAddress address = address_of(options_.bucket, key);
  ObjectRequest request{.path = address.path, .headers = {{"host", address.host}}};
  for (auto& header : sender_.sign({.method = "GET", .address = address})) {
    request.headers.push_back(std::move(header));
  }
  return request;
}

std::optional<std::string> Client::read(std::string_view key) {
  Outcome outcome = sender_.send({.method = "GET",
                                  .address = address_of(options_.bucket, key),
                                  .max_reply_bytes = kMaxObjectBytes});
  if (outcome.done) return std::move(outcome.last.body);
  if (is_missing_object(outcome.last)) return std::nullopt;
  throw unavailable("The photo could not be read just now.", "GET", outcome);
}

// Keys are asked for percent-encoded, because XML cannot hold every one of them.
std::vector<StoredObject> Client::list(std::string_view after) {
  std::vector<Field> query = {{"list-type", "2"}, {"encoding-type", "url"}};
  if (!after.empty()) query.emplace_back("start-after", after);
  const Outcome outcome = sender_.send({.method = "GET",
                                        .address = address_of(options_.bucket, ""),
                                        .query = query,
                                        .max_reply_bytes = kMaxListingBytes});
  if (!outcome.done) {
    throw unavailable("The bucket could not be listed just now.", "GET", outcome);
  }
  auto objects = parse_listing(outcome.last.body);
  if (!objects.empty() && objects.front().key <= after) {
    throw unavailable("The bucket could not be listed just now.", "start-after is ignored",
                      outcome);
  }
  return objects;
}

// A list of one object: the one request that every store answers by looking into the bucket,
// and that fsck's keys may make.
void Client::check(std::chrono::milliseconds timeout) {
  const Outcome outcome = sender_.send({.method = "GET",
                                        .address = address_of(options_.bucket, ""),
                                        .query = {{"list-type", "2"}, {"max-keys", "1"}},
                                        .at_once_within = timeout});
  if (!outcome.done) {
    throw unavailable("The store is not available just now.", "GET", outcome);
  }
}

}  // namespace photodrop::s3
