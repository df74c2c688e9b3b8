#include "base/circuit_breaker.h"

#include "base/log.h"

namespace photodrop {

// Nearly always there is nothing to change, and the line of memory stays with every core.
void CircuitBreaker::record_success(std::string_view part) {
  if (failures_.load(std::memory_order_relaxed) != 0) failures_ = 0;
  if (!is_open() || !is_open_.exchange(false)) return;
  log(Level::warning, "circuit breaker closed", {{"part", part}});
}

void CircuitBreaker::record_failure(std::string_view part, std::string_view cause) {
  if (failures_.fetch_add(1) + 1 < kThreshold || is_open_.exchange(true)) return;
  ++times_opened_;
  log(Level::error, "circuit breaker opened", {{"part", part}, {"cause", cause}});
}

}  // namespace photodrop
