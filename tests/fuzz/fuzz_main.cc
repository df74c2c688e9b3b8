// libFuzzer over one of the targets, which the variable FUZZ_TARGET names. Takes libFuzzer's
// arguments: a folder to grow a corpus in, a file to replay.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "fuzz/targets.h"

namespace photodrop::fuzz {
namespace {

// A failed EXPECT ends the process, as libFuzzer wants it.
Target chosen_target() {
  GTEST_FLAG_SET(throw_on_failure, true);
  const char* const name = std::getenv("FUZZ_TARGET");
  for (Target& target : all_targets()) {
    if (name != nullptr && target.name == name) return std::move(target);
  }
  throw std::runtime_error("FUZZ_TARGET names no target");
}

}  // namespace
}  // namespace photodrop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const photodrop::fuzz::Target kTarget = photodrop::fuzz::chosen_target();
  kTarget.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
