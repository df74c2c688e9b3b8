// One worker: accepts FastCGI requests from its pool's socket, one at a time, and responds to
// them.
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
  int listen_fd = -1;  // non-blocking, shared by its pool's workers, owned by the supervisor
  std::size_t max_body_bytes = 0;
  // How long nginx, the only peer, may stall within a request before it is dropped.
  std::chrono::seconds peer_timeout{15};
  // How long a request may take in all. A worker that is busy for longer is hung or starved: it
  // ends by SIGALRM, and the supervisor replaces it. More than the store's deadline (35 s) and
  // the decoder's (10 s), less than nginx waits (60 s).
  std::chrono::seconds watchdog{50};
  // After so many requests the worker ends, to be replaced by a fresh one; 0 for never.
  std::int64_t max_requests = 0;
  // A worker that has waited for so long gives back what it does not need to wait.
  std::chrono::milliseconds idle_after{30000};
};

struct WorkerCallbacks {
  // Must not throw; a body producer may, which ends the connection in the middle of the
  // response.
  std::function<Response(const Request&)> handler;
  // Called after each response, and about once a second while the worker waits. The watchdog's
  // limit holds for it too.
  std::function<void()> between_requests = [] {};
  // Called once when the worker has waited for `idle_after`.
  std::function<void()> on_idle = [] {};
};

// Where a worker's requests are counted: the meters of what the handler uses, which keep them
// (base/meter.h), the statistics of all workers, and this one's line in the scoreboard.
struct RequestMetrics {
  const Meter& store;
  const Meter& database;
  Statistics& statistics;
  WorkerSlot& slot;
};

// Serves requests until SIGTERM or `max_requests`; the request in progress is completed first.
// Each request is counted, and leaves one line in the log unless it is routine and quick, with
// what it has added to the meters. Returns the exit status.
int run_worker(const WorkerOptions& options, const WorkerCallbacks& callbacks,
               const RequestMetrics& metrics);

}  // namespace photodrop
