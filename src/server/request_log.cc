#include "server/request_log.h"

#include <cstdint>

#include "base/log.h"

namespace photodrop {
namespace {

double milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

LogField time_field(std::string_view name, const Meter& meter) {
  if (meter.attempts == 0) return {name, {}};
  return {name, milliseconds(meter.time)};
}

LogField attempts_field(std::string_view name, const Meter& meter) {
  if (meter.attempts == 0) return {name, {}};
  return {name, meter.attempts};
}

LogField queue_field(const Served& served) {
  if (!served.queue_time) return {"queue_ms", {}};
  return {"queue_ms", milliseconds(*served.queue_time)};
}

Level level_of(const Served& served) {
  const Response& response = served.response;
  if (response.status >= 500 || response.outcome == "broken-off") return Level::error;
  return is_slow(served) ? Level::warning : Level::info;
}

}  // namespace

bool is_slow(const Served& served) {
  return served.time + served.queue_time.value_or(std::chrono::milliseconds(0)) >= kSlow;
}

void log_request(const Served& served) {
  const auto& [request, response, bytes_out, time, queue_time, costs] = served;
  log(level_of(served), "request",
      {{"method", request.method},
       {"path", request.path},
       {"route", response.route},
       {"status", response.status},
       {"code", response.outcome},
       {"image_type", response.image_type},
       {"bytes_in", static_cast<std::int64_t>(request.body.size())},
       {"bytes_out", static_cast<std::int64_t>(bytes_out)},
       {"ms", milliseconds(time)},
       queue_field(served),
       time_field("s3_ms", costs.store),
       attempts_field("s3_attempts", costs.store),
       time_field("db_ms", costs.database),
       attempts_field("db_attempts", costs.database),
       {"request_id", request.request_id},
       {"cause", response.cause}});
}

}  // namespace photodrop
