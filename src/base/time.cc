#include "base/time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace photodrop {
namespace {

using std::chrono::milliseconds;
using std::chrono::sys_seconds;

std::string date_and_time(sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  return {text.data(), length};
}

}  // namespace

std::string rfc3339(sys_seconds time) {
  return date_and_time(time) + "Z";
}

std::string rfc3339(std::chrono::sys_time<milliseconds> time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03d",
                static_cast<int>((time - second).count()));
  return date_and_time(second) + fraction.data() + "Z";
}

}  // namespace photodrop
