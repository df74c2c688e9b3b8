// What a client makes of a compressed answer.
#pragma once

#include <string>
#include <string_view>

namespace photodrop::testing {

// The text in the gzip file; throws std::runtime_error when it is none, or not a whole one.
std::string gunzip(std::string_view file);

}  // namespace photodrop::testing
