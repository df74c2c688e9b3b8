#include "s3/retry.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;

bool asks_to_slow_down(std::string_view code) {
  static constexpr std::array<std::string_view, 8> kThrottled = {"SlowDown",
                                                                 "Throttling",
                                                                 "ThrottlingException",
                                                                 "RequestThrottled",
                                                                 "TooManyRequests",
                                                                 "TooManyRequestsException",
                                                                 "BandwidthLimitExceeded",
                                                                 "RequestLimitExceeded"};
  return std::find(kThrottled.begin(), kThrottled.end(), code) != kThrottled.end();
}

bool is_passing(std::string_view code) {
  return asks_to_slow_down(code) || code == "RequestTimeout" ||
         code == "RequestTimeoutException" || code == "PriorRequestNotComplete";
}

bool is_passing(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Verdict judge(const HttpReply& reply) {
  if (reply.status == 0) return reply.transient ? Verdict::retry : Verdict::refused;
  if (reply.status >= 200 && reply.status < 300) return Verdict::done;
  const bool passing = is_passing(reply.status) || is_passing(error_code(reply.body));
  return passing ? Verdict::retry : Verdict::refused;
}

bool may_have_landed(const HttpReply& reply) {
  const bool refusal = reply.status >= 300 && reply.status < 500 && reply.status != 408;
  return reply.resent || (reply.body_sent && !refusal);
}

std::string_view xml_value(std::string_view body, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  const std::size_t at = body.find(open);
  if (at == std::string_view::npos) return {};
  const std::size_t start = at + open.size();
  const std::size_t end = body.find(close, start);
  return end == std::string_view::npos ? std::string_view() : body.substr(start, end - start);
}

std::string_view error_code(std::string_view body) {
  return xml_value(body, "Code");
}

std::string describe(const HttpReply& reply) {
  if (reply.status == 0) return reply.failure;
  std::string text = std::to_string(reply.status);
  const std::string_view code = error_code(reply.body);
  if (!code.empty()) text += " " + clean_text(utf8_prefix(code, 100));
  return text;
}

milliseconds pause_after(const HttpReply& reply, int attempt, double jitter) {
  const bool throttled = reply.status == 429 || asks_to_slow_down(error_code(reply.body));
  const double longest = attempt == 1 ? 100 : 400;
  milliseconds pause(static_cast<int>(longest * jitter));
  if (throttled) pause += milliseconds(1000);
  return std::max(pause, milliseconds(reply.retry_after.value_or(std::chrono::seconds(0))));
}

}  // namespace photodrop::s3
