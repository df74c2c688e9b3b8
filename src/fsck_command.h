// `photodrop fsck`: what the check finds, told to people and to scripts.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "photos/fsck.h"

namespace photodrop {

// The options that follow the command: --fix, --sample N. nullopt when there are others.
std::optional<FsckOptions> parse_fsck_options(std::span<const std::string_view> arguments);

// Runs the check. Each finding is a line on standard output, the numbers are one JSON line at
// the end, and a terminal on standard error sees how far it got. Returns 0 when all is well or
// was mended, 1 when photos are missing or damaged, or orphans left.
int run_fsck(ObjectStore& objects, PhotoIndex& index, const FsckOptions& options);

}  // namespace photodrop
