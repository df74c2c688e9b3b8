#include "base/time.h"

#include <ctime>

namespace photodrop {
namespace {

using std::chrono::milliseconds;
using std::chrono::sys_seconds;

void append_digits(std::string& text, unsigned number, std::size_t count) {
  text.append(count, '0');
  for (auto digit = text.rbegin(); number > 0; ++digit, number /= 10) {
    *digit = static_cast<char>('0' + number % 10);
  }
}

// By the calendar alone: strftime would look at locale and time zone for each.
std::string date_and_time(sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text;
  append_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(text.append("-"), static_cast<unsigned>(date.month()), 2);
  append_digits(text.append("-"), static_cast<unsigned>(date.day()), 2);
  append_digits(text.append("T"), static_cast<unsigned>(clock.hours().count()), 2);
  append_digits(text.append(":"), static_cast<unsigned>(clock.minutes().count()), 2);
  append_digits(text.append(":"), static_cast<unsigned>(clock.seconds().count()), 2);
  return text;
}

}  // namespace

std::string rfc3339(sys_seconds time) {
  return date_and_time(time) + "Z";
}

std::string rfc3339(std::chrono::sys_time<milliseconds> time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  std::string text = date_and_time(second) + ".";
  append_digits(text, static_cast<unsigned>((time - second).count()), 3);
  return text + "Z";
}

std::optional<sys_seconds> parse_rfc3339(const std::string& text) {
  std::tm time{};
  const char* const end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S%z", &time);
  if (end == nullptr || *end != '\0') return std::nullopt;
  const std::chrono::seconds offset(time.tm_gmtoff);
  return sys_seconds(std::chrono::seconds(timegm(&time))) - offset;
}

}  // namespace photodrop
