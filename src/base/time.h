// Points in time as text.
#pragma once

#include <chrono>
#include <string>

namespace photodrop {

// RFC 3339 in UTC: 2013-05-24T00:00:00Z, or 2013-05-24T00:00:00.000Z with milliseconds.
std::string rfc3339(std::chrono::sys_seconds time);
std::string rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

}  // namespace photodrop
