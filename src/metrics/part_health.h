// What all workers know of the store, or of the database: whether it works. In shared memory,
// where it begins as zeros.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/circuit_breaker.h"

namespace photodrop {

enum class ProbeResult : std::uint8_t { none, good, failed };

struct PartHealth {
  CircuitBreaker breaker;
  std::atomic<ProbeResult> last_probe;
  std::atomic<bool> is_probe_wanted;     // somebody has asked for its state since the last one
  std::atomic<std::int64_t> next_probe;  // not before that: nanoseconds of the steady clock

  // Works, as far as is known.
  bool is_good() const { return !breaker.is_open() && last_probe == ProbeResult::good; }
};

// True when the caller is to probe the part, and nobody else: it is not good, or somebody has
// asked for its state, and the last probe ended at least kProbeInterval ago. One that
// takes longer than kLongestProbe counts as over.
bool claim_probe(PartHealth& health, std::chrono::steady_clock::time_point now);

// The probe that the caller has claimed is over.
void finish_probe(PartHealth& health, ProbeResult result,
                  std::chrono::steady_clock::time_point now);

inline constexpr std::chrono::seconds kProbeInterval{1};
inline constexpr std::chrono::seconds kLongestProbe{10};

}  // namespace photodrop
