#include "support/environment.h"

#include <cstdlib>
#include <stdexcept>

namespace photodrop::testing {

std::string required_setting(const char* name) {
  const char* const value = std::getenv(name);
  if (value != nullptr && *value != '\0') return value;
  throw std::runtime_error(std::string(name) +
                           " is not set: integration tests need PostgreSQL "
                           "and S3, run them by scripts/test");
}

}  // namespace photodrop::testing
