#include "s3/sender.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/log.h"

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds until(steady_clock::time_point end) {
  return std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
}

// A store that took a new connection and has not said a word since will not do better at once.
bool is_worth_repeating(const HttpReply& reply) {
  return !reply.stalled || reply.kept;
}

milliseconds since(steady_clock::time_point start) {
  return -until(start);
}

std::chrono::sys_seconds system_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::chrono::sys_seconds Sender::now() const {
  return system_time() + skew_;
}

// What one attempt may have done no later one takes back, whatever its answer.
Outcome Sender::send(const StoreRequest& request) {
  const Stopwatch running(meter_);
  const auto end = end_of(request);
  const int attempts = request.at_once_within ? 1 : options_.attempts;
  Outcome outcome;
  if (until(end) <= milliseconds(0)) {
    outcome.last.failure = "no time is left";
    return outcome;
  }
  if (is_refused(request)) {
    outcome.last.failure = "the circuit breaker is open";
    return outcome;
  }
  bool corrected = false;
  milliseconds silence = options_.silence_limit;
  for (int number = 1;; ++number) {
    const auto start = steady_clock::now();
    outcome.last = perform(request, {until(end), silence});
    if (!corrected && correct_clock(outcome.last)) {
      corrected = true;
      outcome.last = perform(request, {until(end), silence});
    }
    if (outcome.last.status == 0) silence -= since(start);
    outcome.may_have_landed = outcome.may_have_landed || may_have_landed(outcome.last);
    const Verdict verdict = judge(outcome.last);
    outcome.done = verdict == Verdict::done;
    if (verdict != Verdict::retry || number >= attempts || is_refused(request) ||
        !is_worth_repeating(outcome.last) || silence <= milliseconds(0)) {
      return outcome;
    }
    const milliseconds pause = pause_before_next(outcome.last, number);
    log(Level::warning, "store failed, trying again",
        {{"method", request.method}, {"attempt", number}, {"cause", describe(outcome.last)}});
    if (pause >= until(end)) return outcome;
    std::this_thread::sleep_for(pause);
  }
}

steady_clock::time_point Sender::end_of(const StoreRequest& request) const {
  const auto now = steady_clock::now();
  if (request.at_once_within) return now + *request.at_once_within;
  return shared_end_.value_or(now + options_.deadline);
}

// True when the store has refused the signature for its time and told its own.
bool Sender::correct_clock(const HttpReply& reply) {
  if (!reply.date || error_code(reply.body) != "RequestTimeTooSkewed") return false;
  skew_ = *reply.date - system_time();
  log(Level::error, "the clock is wrong, and corrected by the store's",
      {{"seconds", static_cast<std::int64_t>(skew_.count())}});
  return true;
}

std::vector<Field> Sender::sign(const StoreRequest& request) const {
  const Field hash("x-amz-content-sha256", request.payload_hash);
  UnsignedRequest unsigned_request{.method = request.method,
                                   .path = request.address.path,
                                   .query = request.query,
                                   .headers = request.headers,
                                   .payload_hash = request.payload_hash};
  unsigned_request.headers.emplace_back("host", request.address.host);
  unsigned_request.headers.push_back(hash);
  auto headers = sign_headers(unsigned_request, options_.credentials,
                              {.time = now(), .region = options_.region});
  headers.push_back(hash);
  return headers;
}

// After a stall there has been pause enough.
milliseconds Sender::pause_before_next(const HttpReply& reply, int number) {
  if (reply.stalled) return milliseconds(0);
  return pause_after(reply, number, std::uniform_real_distribution<double>()(random_));
}

bool Sender::is_refused(const StoreRequest& request) const {
  return !is_available() && !request.at_once_within;
}

// A store that refuses a request works.
void Sender::count(const HttpReply& reply) {
  static constexpr std::string_view kPart = "store";
  const Verdict verdict = judge(reply);
  if (verdict != Verdict::done) ++meter_.errors;
  if (breaker_ == nullptr) return;
  if (verdict == Verdict::retry) {
    breaker_->record_failure(kPart, describe(reply));
  } else {
    breaker_->record_success(kPart);
  }
}

HttpReply Sender::perform(const StoreRequest& request, const AttemptLimits& limits) {
  HttpRequest http{.method = request.method,
                   .url = request.address.url(),
                   .headers = request.headers,
                   .body = request.body,
                   .timeout = std::clamp(limits.time, milliseconds(1), options_.attempt_limit),
                   .stall_limit = std::min(options_.stall_limit, limits.silence),
                   .kept_stall_limit = options_.kept_stall_limit,
                   .max_reply_bytes = request.max_reply_bytes};
  if (!request.query.empty()) http.url += "?" + canonical_query(request.query);
  const auto signed_headers = sign(request);
  http.headers.insert(http.headers.end(), signed_headers.begin(), signed_headers.end());
  ++meter_.attempts;
  HttpReply reply = curl_.perform(http);
  count(reply);
  return reply;
}

}  // namespace photodrop::s3
