#include "s3/client.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "s3/retry.h"

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

milliseconds until(steady_clock::time_point end) {
  return std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
}

// A bucket that is missing is a wrong setting: the object may be in the right one.
bool is_missing_object(const HttpReply& reply) {
  return reply.status == 404 && error_code(reply.body) != "NoSuchBucket";
}

}  // namespace

Client::Client(StoreOptions options) : options_(std::move(options)) {}

PutOutcome Client::put(const NewObject& object) {
  const std::string hash = hex(object.sha256);
  const Result result = attempt({.method = "PUT",
                                 .key = object.key,
                                 .headers = {{"content-type", std::string(object.content_type)},
                                             {"x-amz-meta-sha256", hash}},
                                 .payload_hash = hash,
                                 .body = object.bytes});
  if (result.done) return PutOutcome::stored;
  log(Level::error, "put failed", {{"key", object.key}, {"cause", describe(result.last)}});
  return result.may_have_landed ? PutOutcome::unknown : PutOutcome::absent;
}

void Client::remove(std::string_view key) {
  const Result result = attempt({.method = "DELETE",
                                 .key = key,
                                 .headers = {},
                                 .payload_hash = std::string(kEmptyPayloadHash),
                                 .body = {}});
  if (result.done || is_missing_object(result.last)) return;
  throw Error(Fault::storage_unavailable, "The photo could not be deleted just now.",
              "DELETE: " + describe(result.last));
}

ObjectUrl Client::url(std::string_view key) {
  const ObjectAddress address = address_of(options_.public_bucket, key);
  const Scope scope{.time = now(), .region = options_.region};
  const UnsignedRequest request{.method = "GET",
                                .path = address.path,
                                .query = {},
                                .headers = {{"host", address.host}},
                                .payload_hash = std::string(kUnsignedPayload)};
  const std::string query =
      presign_query(request, options_.credentials, scope, options_.presign_expires);
  return {address.url() + "?" + query, scope.time + options_.presign_expires};
}

// What one attempt may have done no later one takes back, whatever its answer.
Client::Result Client::attempt(const Request& request) {
  const auto end = steady_clock::now() + options_.deadline;
  Result result;
  for (int number = 1;; ++number) {
    result.last = perform(request, until(end));
    result.may_have_landed = result.may_have_landed || may_have_landed(result.last);
    const Verdict verdict = judge(result.last);
    result.done = verdict == Verdict::done;
    if (verdict != Verdict::retry || number == kMaxAttempts) return result;

    const double jitter = std::uniform_real_distribution<double>()(random_);
    const milliseconds pause = pause_after(result.last, number, jitter);
    log(Level::warning, "store failed, trying again",
        {{"method", request.method}, {"attempt", number}, {"cause", describe(result.last)}});
    if (pause >= until(end)) return result;
    std::this_thread::sleep_for(pause);
  }
}

HttpReply Client::perform(const Request& request, milliseconds timeout) {
  const ObjectAddress address = address_of(options_.bucket, request.key);
  UnsignedRequest unsigned_request{.method = request.method,
                                   .path = address.path,
                                   .query = {},
                                   .headers = request.headers,
                                   .payload_hash = request.payload_hash};
  unsigned_request.headers.emplace_back("host", address.host);
  unsigned_request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  const auto signed_headers = sign_headers(unsigned_request, options_.credentials,
                                           {.time = now(), .region = options_.region});

  HttpRequest http{.method = request.method,
                   .url = address.url(),
                   .headers = request.headers,
                   .body = request.body,
                   .timeout = std::max(timeout, milliseconds(1))};
  http.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  http.headers.insert(http.headers.end(), signed_headers.begin(), signed_headers.end());
  return curl_.perform(http);
}

}  // namespace photodrop::s3
