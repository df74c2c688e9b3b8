#include "metrics/statistics.h"

#include <algorithm>

namespace photodrop {
namespace {

// To be raised when members change their places without changing size or lists.
constexpr std::uint64_t kVersion = 2;

void add(Counter& counter, std::uint64_t amount) {
  counter.fetch_add(amount, std::memory_order_relaxed);
}

void observe(Histogram& histogram, std::chrono::steady_clock::duration time) {
  const auto* const bound = std::find_if(
      kBounds.begin(), kBounds.end(), [time](const Bound& each) { return time <= each.time; });
  add(histogram.buckets[static_cast<std::size_t>(bound - kBounds.begin())], 1);
  const auto length = std::chrono::duration_cast<std::chrono::nanoseconds>(time);
  add(histogram.nanoseconds, static_cast<std::uint64_t>(length.count()));
}

void observe(PartCounters& part, const Meter& cost) {
  if (cost.attempts == 0) return;
  add(part.attempts, static_cast<std::uint64_t>(cost.attempts));
  add(part.errors, static_cast<std::uint64_t>(cost.errors));
  observe(part.time, cost.time);
}

std::size_t place_of(const Operation& operation) {
  const std::string_view method = operation.method == "HEAD" ? "GET" : operation.method;
  const auto* const listed =
      std::find_if(kOperations.begin(), kOperations.end() - 1, [&](const Operation& each) {
        return each.method == method && each.route == operation.route;
      });
  return static_cast<std::size_t>(listed - kOperations.begin());
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash * 1099511628211U;  // an end, so that "a", "bc" is not "ab", "c"
}

}  // namespace

void count_request(Statistics& statistics, const Observation& observation) {
  OperationCounters& operation = statistics.operations[place_of(observation.operation)];
  const int status = std::clamp(observation.status, kFirstStatus, kLastStatus);
  add(operation.by_status[static_cast<std::size_t>(status - kFirstStatus)], 1);
  add(operation.bytes_in, observation.bytes_in);
  add(operation.bytes_out, observation.bytes_out);
  observe(operation.time, observation.time);
  observe(statistics.store, observation.store);
  observe(statistics.database, observation.database);
}

void count_restart(Statistics& statistics, Restart cause) {
  add(statistics.restarts[static_cast<std::size_t>(cause)], 1);
}

WorkerSlot& free_slot(Statistics& statistics) {
  return *std::find_if(statistics.scoreboard.begin(), statistics.scoreboard.end() - 1,
                       [](const WorkerSlot& slot) { return slot.pid == 0; });
}

void release_slot(Statistics& statistics, std::int32_t pid) {
  for (WorkerSlot& slot : statistics.scoreboard) {
    if (slot.pid != pid) continue;
    slot.busy = false;
    slot.pid = 0;
    return;
  }
}

Occupancy occupancy(const Statistics& statistics, Pool pool) {
  Occupancy found;
  for (const WorkerSlot& slot : statistics.scoreboard) {
    if (slot.pid != 0 && slot.pool == pool) ++(slot.busy ? found.busy : found.idle);
  }
  return found;
}

std::uint64_t statistics_layout() {
  std::uint64_t hash = 14695981039346656037U ^ kVersion ^ sizeof(Statistics);
  for (const Operation& operation : kOperations) {
    hash = mixed(mixed(hash, operation.method), operation.route);
  }
  for (const Bound& bound : kBounds) hash = mixed(hash, bound.seconds);
  for (const std::string_view cause : kRestarts) hash = mixed(hash, cause);
  for (const PoolInfo& pool : kPools) hash = mixed(hash, pool.name);
  return hash;
}

}  // namespace photodrop
