// A circuit breaker (M. Nygard, "Release It!"): it counts the consecutive failures of a part
// that the service depends on. Once there are kThreshold it is open, and requests that need the
// part are refused without trying; the first success closes it. Lies in memory that all workers
// share, where it begins as zeros: closed.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace photodrop {

class CircuitBreaker {
 public:
  static constexpr std::uint32_t kThreshold = 5;

  bool is_open() const { return is_open_.load(std::memory_order_relaxed); }

  // How often it has opened so far.
  std::uint64_t times_opened() const { return times_opened_.load(std::memory_order_relaxed); }

  // What a try came to. `part` names it in the log, which gets a line when the state changes;
  // `cause` is what lay behind the failure, without anything secret.
  void record_success(std::string_view part);
  void record_failure(std::string_view part, std::string_view cause);

 private:
  std::atomic<std::uint32_t> failures_;  // since the last success
  std::atomic<bool> is_open_;
  std::atomic<std::uint64_t> times_opened_;
};

}  // namespace photodrop
