// `photodrop reap`: one run, or one after the other where there is no timer to start them.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "photos/reaper.h"

namespace photodrop {

struct ReapOptions {
  std::optional<std::chrono::seconds>
      every;  // for ever, with a pause of this length between runs
};

// The options that follow the command: --every SECONDS. nullopt when there are others.
std::optional<ReapOptions> parse_reap_options(std::span<const std::string_view> arguments);

// What a run did is one JSON line on standard output; with `every`, only when it did something,
// and a run that fails is told and followed by the next. Returns 0, or 1 when something was
// left for the next run; what the reaper throws passes through.
int run_reap(Reaper& reaper, const ReapOptions& options);

}  // namespace photodrop
