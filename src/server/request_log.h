// The line that each request leaves in the log (systemd/README.md, "Logs").
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/meter.h"
#include "http/request.h"
#include "http/response.h"

namespace photodrop {

// What was waited for on behalf of requests.
struct Costs {
  Meter store;
  Meter database;
};

// A request that has been answered, or whose client has left; borrowed for the length of a
// call.
struct Served {
  const Request& request;
  const Response& response;
  std::size_t bytes_out;  // of the response's head and body, as far as they were handed over
  // In the worker, and before that in the queue of its pool; none where nginx tells no time.
  std::chrono::steady_clock::duration time;
  std::optional<std::chrono::milliseconds> queue_time = {};
  Costs costs;  // of this request alone
};

// From here on a request is slow, its time in the queue included.
inline constexpr std::chrono::seconds kSlow{2};

bool is_slow(const Served& served);

// Writes the line: an error when the service failed, also in the middle of a response; a
// warning when the request was slow. What a request has not used is left out.
void log_request(const Served& served);

}  // namespace photodrop
