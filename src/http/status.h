// HTTP status codes in words.
#pragma once

#include <string_view>

namespace photodrop {

// The reason phrase of RFC 9110 §15 for the statuses that this service answers; empty for
// others.
std::string_view reason_phrase(int status);

}  // namespace photodrop
