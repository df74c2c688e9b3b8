#include "base/error.h"

namespace photodrop {

std::string cause_of(const std::exception& error) {
  const auto* const fault = dynamic_cast<const Error*>(&error);
  return fault == nullptr || fault->cause().empty() ? error.what() : fault->cause();
}

}  // namespace photodrop
