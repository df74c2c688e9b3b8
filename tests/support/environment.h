// What integration tests learn from the environment: where the database and the store are that
// scripts/test started. A setting that is missing fails the test that needs it; nothing is
// skipped, for a test that did not run proves nothing.
#pragma once

#include <string>

namespace photodrop::testing {

// The variable's value. Throws std::runtime_error when it is not set.
std::string required_setting(const char* name);

}  // namespace photodrop::testing
