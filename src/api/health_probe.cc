#include "api/health_probe.h"

#include <chrono>
#include <exception>

#include "base/error.h"
#include "base/log.h"

namespace photodrop {
namespace {

using std::chrono::steady_clock;

}  // namespace

// The log tells of the first failure after a success, not of each.
void HealthProbe::run_if_due() {
  if (!claim_probe(health_, steady_clock::now())) return;
  ProbeResult result = ProbeResult::good;
  try {
    check_();
  } catch (const std::exception& error) {
    result = ProbeResult::failed;
    if (health_.last_probe != result) {
      log(Level::warning, "probe failed", {{"part", part_}, {"cause", cause_of(error)}});
    }
  }
  finish_probe(health_, result, steady_clock::now());
}

}  // namespace photodrop
