// What the service counts, in memory that all its processes share: a worker that dies takes
// nothing of it away. Everything is a lock-free atomic and begins at zero, so that fresh pages
// are a fresh Statistics.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/meter.h"
#include "metrics/part_health.h"
#include "metrics/pools.h"

namespace photodrop {

using Counter = std::atomic<std::uint64_t>;
static_assert(Counter::is_always_lock_free);

// What requests are told apart by: a closed list, so that no client makes a series of its own.
// HEAD is counted with GET. The last one stands for all that are not in the list.
struct Operation {
  std::string_view method;
  std::string_view route;  // as it was added to the router
};

inline constexpr std::array kOperations{
    Operation{"POST", "/api/photos"},
    Operation{"GET", "/api/photos"},
    Operation{"GET", "/api/photos/{id}"},
    Operation{"DELETE", "/api/photos/{id}"},
    Operation{"GET", "/api/photos/{id}/image"},
    Operation{"GET", "/api/photos/{id}/thumbnail"},
    Operation{"GET", "/healthz"},
    Operation{"GET", "/readyz"},
    Operation{"GET", "/metrics"},
    Operation{"GET", "/_lists/{digest}"},
    Operation{"GET", "/_thumbnails/{id}"},
    Operation{"other", "other"},
};

// The upper ends of a histogram's buckets, in seconds as Prometheus writes them. A last bucket
// takes what is longer.
struct Bound {
  std::chrono::microseconds time;
  std::string_view seconds;
};

inline constexpr std::array kBounds{
    Bound{std::chrono::microseconds(1'000), "0.001"},
    Bound{std::chrono::microseconds(2'500), "0.0025"},
    Bound{std::chrono::microseconds(5'000), "0.005"},
    Bound{std::chrono::microseconds(10'000), "0.01"},
    Bound{std::chrono::microseconds(25'000), "0.025"},
    Bound{std::chrono::microseconds(50'000), "0.05"},
    Bound{std::chrono::microseconds(100'000), "0.1"},
    Bound{std::chrono::microseconds(250'000), "0.25"},
    Bound{std::chrono::microseconds(500'000), "0.5"},
    Bound{std::chrono::microseconds(1'000'000), "1"},
    Bound{std::chrono::microseconds(2'500'000), "2.5"},
    Bound{std::chrono::microseconds(5'000'000), "5"},
    Bound{std::chrono::microseconds(10'000'000), "10"},
    Bound{std::chrono::microseconds(30'000'000), "30"},
    Bound{std::chrono::microseconds(60'000'000), "60"},
};

struct Histogram {
  std::array<Counter, kBounds.size() + 1> buckets;  // each without those before it
  Counter nanoseconds;                              // of all that was put in
};

inline constexpr int kFirstStatus = 100;
inline constexpr int kLastStatus = 599;

struct OperationCounters {
  std::array<Counter, kLastStatus - kFirstStatus + 1> by_status;
  Counter bytes_in;   // of bodies
  Counter bytes_out;  // of heads and bodies
  Histogram time;
};

// What the store, or the database, has cost.
struct PartCounters {
  Counter attempts;
  Counter errors;
  Histogram time;  // of the requests that used it
};

// Why a worker was replaced, in the order of Statistics::restarts.
enum class Restart {
  recycled,  // it had answered as many requests as it may
  exit,      // it gave up
  signal,    // it was killed
  watchdog,  // it was hung
};

inline constexpr std::array<std::string_view, 4> kRestarts{"recycled", "exit", "signal",
                                                           "watchdog"};

// A worker's line in the scoreboard. The supervisor assigns it, and frees it once the worker
// has ended.
struct WorkerSlot {
  std::atomic<std::int32_t> pid;  // 0 while it is free
  std::atomic<Pool> pool;
  std::atomic<bool> busy;
};

// In one pool.
inline constexpr int kMostWorkers = 1024;

// Enough for all workers, and as many that finish their last request after a reload.
inline constexpr std::size_t kWorkerSlots = 2 * kPools.size() * kMostWorkers;

struct Statistics {
  std::array<OperationCounters, kOperations.size()> operations;
  PartCounters store;
  PartCounters database;
  PartHealth store_health;
  PartHealth database_health;
  std::array<Counter, kRestarts.size()> restarts;
  PerPool<std::atomic<std::int32_t>> listen_queue;  // connections that wait for a worker
  std::array<WorkerSlot, kWorkerSlots> scoreboard;
};

// A request that is over.
struct Observation {
  Operation operation;
  int status;
  std::size_t bytes_in;
  std::size_t bytes_out;
  std::chrono::steady_clock::duration time;
  Meter store;  // what this request has cost it
  Meter database;
};

void count_request(Statistics& statistics, const Observation& observation);

void count_restart(Statistics& statistics, Restart cause);

// A free slot, taken by setting its pid. When there is none, the last one, which several
// workers share then.
WorkerSlot& free_slot(Statistics& statistics);

// Frees the slot of a worker that has ended, if it had one.
void release_slot(Statistics& statistics, std::int32_t pid);

struct Occupancy {
  int busy = 0;
  int idle = 0;
};

Occupancy occupancy(const Statistics& statistics, Pool pool);

// Differs whenever what lies in the memory, or means, is another: the program that ran before
// may have counted other things.
std::uint64_t statistics_layout();

}  // namespace photodrop
