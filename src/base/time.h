// Points in time as text.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace photodrop {

// RFC 3339 in UTC: 2013-05-24T00:00:00Z, or 2013-05-24T00:00:00.000Z with milliseconds.
std::string rfc3339(std::chrono::sys_seconds time);
std::string rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

// The time that such a text names, of whole seconds and with "Z" or an offset: nullopt when it
// is none.
std::optional<std::chrono::sys_seconds> parse_rfc3339(const std::string& text);

}  // namespace photodrop
