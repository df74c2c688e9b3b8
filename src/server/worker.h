// One worker: takes FastCGI requests from the shared socket, one at a time, and has them
// answered.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/meter.h"
#include "http/request.h"
#include "http/response.h"
#include "metrics/statistics.h"

namespace photodrop {

struct WorkerOptions {
  int listen_fd = -1;  // non-blocking, shared by all workers, owned by the supervisor
  std::size_t max_body_bytes = 0;
  // How long nginx, the only peer, may stall within a request before it is dropped.
  std::chrono::seconds peer_timeout{15};
  // How long a request may take in all. A worker that is busy for longer is hung or starved: it
  // ends by SIGALRM, and the supervisor replaces it. More than the store's deadline (35 s) and
  // the decoder's (10 s), less than nginx waits (60 s).
  std::chrono::seconds watchdog{50};
  // After so many requests the worker ends, to be replaced by a fresh one; 0 for never.
  std::int64_t max_requests = 0;
};

// What the worker's requests are accounted by: the meters of what the handler uses, which keep
// them (base/meter.h), and where the worker counts.
struct Accounts {
  const Meter& store;
  const Meter& database;
  Statistics& statistics;
  Seat& seat;
};

// Answers requests until SIGTERM, or as many as it may, finishing the one in flight. `handler`
// must not throw; a body producer may, and ends the connection in the middle of the response
// then. Each request is counted, and leaves one line in the log unless that is not worth it,
// with what it has added to the meters. Returns the exit status.
int run_worker(const WorkerOptions& options,
               const std::function<Response(const Request&)>& handler,
               const Accounts& accounts);

}  // namespace photodrop
