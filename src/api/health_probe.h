// Finds out whether a part that the service depends on works again, or still: while its circuit
// breaker is open, and when somebody asks for the service's readiness. A worker does so between
// two requests, so that no request waits for it.
#pragma once

#include <functional>
#include <string_view>

#include "metrics/part_health.h"

namespace photodrop {

class HealthProbe {
 public:
  // `check` asks the part, within a limit of its own, and throws Error when it does not answer;
  // it tells the breaker itself. `health` must outlive the probe.
  HealthProbe(std::string_view part, PartHealth& health, std::function<void()> check)
      : part_(part), health_(health), check_(std::move(check)) {}

  // Probes the part if that is due and no other worker does. Throws nothing.
  void run_if_due();

 private:
  std::string_view part_;
  PartHealth& health_;
  std::function<void()> check_;
};

}  // namespace photodrop
