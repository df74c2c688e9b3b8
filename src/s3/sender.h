// A request to the store: signed, sent, and repeated for as long as that may help.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/circuit_breaker.h"
#include "base/meter.h"
#include "s3/curl.h"
#include "s3/endpoint.h"
#include "s3/retry.h"
#include "s3/signer.h"

namespace photodrop::s3 {

struct SenderOptions {
  std::string region = "us-east-1";
  Credentials credentials;
  // For all attempts of one request together, or of several that share it. The worker's
  // watchdog (50 s) leaves the rest to the thumbnails' decoder (10 s) and the database.
  std::chrono::milliseconds deadline{35000};
  // For one attempt: for a store that is slow without stalling (s3/curl.h).
  std::chrono::milliseconds attempt_limit{20000};
  // For one in which nothing moves.
  std::chrono::milliseconds stall_limit = kStallLimit;
  std::chrono::milliseconds kept_stall_limit = kKeptStallLimit;
  // For all attempts that brought no answer together: after that there is no other.
  std::chrono::milliseconds silence_limit{11000};
  int attempts = kMaxAttempts;  // at most; one more when the clock is wrong
};

struct StoreRequest {
  std::string method;
  ObjectAddress address;
  std::vector<Field> query = {};    // decoded names and values
  std::vector<Field> headers = {};  // beside those that the signature adds
  std::string payload_hash = std::string(kEmptyPayloadHash);
  Pieces body = {};  // borrowed for the length of the call
  std::size_t max_reply_bytes = kMaxReplyBytes;
  // A single attempt within this time, in the place of the sender's deadline and attempts, also
  // while the breaker is open: a probe.
  std::optional<std::chrono::milliseconds> at_once_within = {};
};

// What all attempts together came to.
struct Outcome {
  HttpReply last;
  bool may_have_landed = false;  // a PUT, by any attempt
  bool done = false;             // 2xx
};

// Not for use across a fork: make one in each process.
class Sender {
 public:
  // `breaker` may be null.
  explicit Sender(SenderOptions options, CircuitBreaker* breaker = nullptr)
      : options_(std::move(options)), breaker_(breaker) {}

  // Each attempt has a signature of its own time. A store that says that our clock is wrong is
  // asked once more with its own time, which then counts for the rest of this sender's life.
  // While the breaker is open nothing is sent, and an attempt that failed is not repeated.
  Outcome send(const StoreRequest& request);

  // Whether requests but probes are sent: the breaker is not open.
  bool is_available() const { return breaker_ == nullptr || !breaker_->is_open(); }

  // From now on, until the next call, all requests together have the deadline that each has by
  // itself otherwise: one that comes too late is not sent. Those of `at_once_within` keep their
  // own.
  void share_deadline() { shared_end_ = std::chrono::steady_clock::now() + options_.deadline; }

  // The headers beside `host` and the request's own that make it ours, for the next minutes;
  // names in lower case.
  std::vector<Field> sign(const StoreRequest& request) const;

  // The time by the store's clock, as far as it is known to differ from ours.
  std::chrono::sys_seconds now() const;

  // What all requests so far have cost: each attempt, and the pauses between them.
  const Meter& meter() const { return meter_; }

 private:
  std::chrono::steady_clock::time_point end_of(const StoreRequest& request) const;
  struct AttemptLimits {
    std::chrono::milliseconds time;     // for all of it
    std::chrono::milliseconds silence;  // in which nothing moves
  };

  HttpReply perform(const StoreRequest& request, const AttemptLimits& limits);
  bool correct_clock(const HttpReply& reply);
  std::chrono::milliseconds pause_before_next(const HttpReply& reply, int number);
  bool is_refused(const StoreRequest& request) const;
  void count(const HttpReply& reply);

  SenderOptions options_;
  CircuitBreaker* breaker_;
  Curl curl_;
  Meter meter_;
  std::optional<std::chrono::steady_clock::time_point> shared_end_;
  std::chrono::seconds skew_{0};  // what our clock lacks
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace photodrop::s3
