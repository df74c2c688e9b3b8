// What must hold of any input holds of the seeds, in every test run.
#include <gtest/gtest.h>

#include "fuzz/targets.h"

namespace photodrop::fuzz {

// As which a test that fails names it.
std::ostream& operator<<(std::ostream& out, const Target& target) {
  return out << target.name;
}

namespace {

class FuzzTarget : public ::testing::TestWithParam<Target> {};

// The target sees a heap block of exactly the input's size, so that a sanitizer notices one
// byte read too many.
void run(const Target& target, const std::string& input) {
  const std::vector<char> exact(input.begin(), input.end());
  target.run({exact.data(), exact.size()});
}

TEST_P(FuzzTarget, HoldsForItsSeeds) {
  ASSERT_FALSE(GetParam().seeds.empty());
  for (const std::string& seed : GetParam().seeds) run(GetParam(), seed);
}

INSTANTIATE_TEST_SUITE_P(, FuzzTarget, ::testing::ValuesIn(all_targets()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace photodrop::fuzz
