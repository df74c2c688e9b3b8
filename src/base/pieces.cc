#include "base/pieces.h"

#include <algorithm>

namespace photodrop {

std::size_t Pieces::copy(char* to, std::size_t count, std::size_t position) const {
  const std::size_t skipped = std::min(position, first.size());
  const std::size_t copied = first.copy(to, count, skipped);
  return copied + second.copy(to + copied, count - copied, position - skipped);
}

}  // namespace photodrop
