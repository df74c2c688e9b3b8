#include "process/thumbnail_program.h"

#include <utility>

#include "base/log.h"
#include "process/child.h"

namespace photodrop {
namespace {

// Many times what the largest photos take, and well within a worker's watchdog.
constexpr std::chrono::seconds kPatience{10};

// No WebP of 1280 × 1280 pixels is larger.
constexpr std::size_t kMaxBytes = std::size_t{8} << 20;

}  // namespace

std::optional<std::string> ThumbnailProgram::make(std::string_view image, int box) {
  Outcome outcome = run({.program = path_,
                         .arguments = {std::to_string(box)},
                         .input = image,
                         .patience = kPatience,
                         .max_output = kMaxBytes});
  if (!outcome.output) log(Level::error, "no thumbnail", {{"cause", outcome.cause}});
  return std::move(outcome.output);
}

}  // namespace photodrop
