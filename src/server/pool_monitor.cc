#include "server/pool_monitor.h"

#include <fstream>
#include <iterator>

#include "base/log.h"
#include "base/text.h"

namespace photodrop {
namespace {

// The table of this process's network namespace; the sandbox hides /proc/net.
constexpr const char* kTable = "/proc/self/net/unix";

constexpr std::string_view kConnecting = " 02 ";

std::string read_table() {
  std::ifstream file(kTable);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

// "Num RefCount Protocol Flags Type St Inode Path"; no field before the path but the state is
// two characters long.
int waiting_connections(const std::string& table, const std::string& path) {
  int count = 0;
  const std::string end = " " + path;
  for (std::string_view rest = table; !rest.empty();) {
    const std::string_view line = take_until(rest, '\n');
    if (!line.ends_with(end)) continue;
    const std::string_view fields = line.substr(0, line.size() - path.size());
    if (fields.find(kConnecting) != std::string_view::npos) ++count;
  }
  return count;
}

void PoolMonitor::look() {
  const std::string table = read_table();
  for (const PoolInfo& pool : kPools) {
    const int waiting = waiting_connections(table, sockets_.at(pool.pool));
    statistics_.listen_queue.at(pool.pool) = waiting;
    warn_if_exhausted(pool, waiting);
  }
}

void PoolMonitor::warn_if_exhausted(const PoolInfo& pool, int waiting) {
  const Occupancy found = occupancy(statistics_, pool.pool);
  if (waiting == 0 || found.idle > 0) return;
  auto& quiet_until = quiet_until_.at(pool.pool);
  const bool is_known = Clock::now() < quiet_until;
  quiet_until = Clock::now() + kQuiet;
  if (is_known) return;
  log(Level::warning, "pool exhausted: all workers are busy and requests wait",
      {{"pool", pool.name},
       {"workers", found.busy},
       {"waiting", waiting},
       {"raise", pool.workers_setting}});
}

}  // namespace photodrop
