// Watches the pools from the supervisor: how many requests wait for a worker, and whether a
// pool has no worker left for them.
#pragma once

#include <chrono>
#include <string>

#include "metrics/statistics.h"

namespace photodrop {

// How many connections wait on a listening UNIX socket, counted in `table`, the text of
// /proc/net/unix (proc(5)): a connection that nobody has accepted yet has the listener's path
// and the state SS_CONNECTING.
int waiting_connections(const std::string& table, const std::string& path);

class PoolMonitor {
 public:
  // `sockets` are the paths that the pools listen on. The statistics must outlive the monitor.
  PoolMonitor(PerPool<std::string> sockets, Statistics& statistics)
      : sockets_(std::move(sockets)), statistics_(statistics) {}

  // Counts what waits and records it in the statistics. Warns in the log when a pool is
  // exhausted, all its workers busy while requests wait, and names the setting to raise; not
  // again before it has not been for kQuiet. To be called about once a second.
  void look();

  static constexpr std::chrono::seconds kQuiet{60};

 private:
  using Clock = std::chrono::steady_clock;

  void warn_if_exhausted(const PoolInfo& pool, int waiting);

  PerPool<std::string> sockets_;
  Statistics& statistics_;
  PerPool<Clock::time_point> quiet_until_ = {};
};

}  // namespace photodrop
