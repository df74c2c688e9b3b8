#include "base/log.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "base/json.h"
#include "base/text.h"

namespace photodrop {
namespace {

std::string_view name(Level level) {
  switch (level) {
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

// RFC 3339, UTC, to the millisecond.
std::string timestamp() {
  using namespace std::chrono;
  const auto now = system_clock::now().time_since_epoch();
  const auto since_second = duration_cast<milliseconds>(now).count() % 1000;
  const std::time_t seconds = duration_cast<std::chrono::seconds>(now).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(since_second));
  return text.data();
}

void write_value(Json& json, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    json.value(clean_text(*text));
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    json.value(*integer);
  } else {
    json.value(std::get<double>(field.value));
  }
}

}  // namespace

void log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
  Json json;
  json.begin_object().key("time").value(timestamp()).key("level").value(name(level));
  json.key("event").value(event).key("pid").value(static_cast<std::int64_t>(getpid()));
  for (const LogField& field : fields) {
    json.key(field.name);
    write_value(json, field);
  }
  json.end_object();
  const std::string line = std::string(json.text()) + "\n";
  // A log that cannot be written has nobody left to tell.
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace photodrop
