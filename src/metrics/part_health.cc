#include "metrics/part_health.h"

namespace photodrop {
namespace {

std::int64_t nanoseconds(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

}  // namespace

bool claim_probe(PartHealth& health, std::chrono::steady_clock::time_point now) {
  if (health.is_good() && !health.is_probe_wanted) return false;
  std::int64_t due = health.next_probe;
  if (nanoseconds(now) < due) return false;
  if (!health.next_probe.compare_exchange_strong(due, nanoseconds(now + kLongestProbe))) {
    return false;
  }
  health.is_probe_wanted = false;
  return true;
}

void finish_probe(PartHealth& health, ProbeResult result,
                  std::chrono::steady_clock::time_point now) {
  health.last_probe = result;
  health.next_probe = nanoseconds(now + kProbeInterval);
}

}  // namespace photodrop
