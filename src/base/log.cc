#include "base/log.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"

namespace photodrop {
namespace {

std::string_view name(Level level) {
  switch (level) {
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

std::string now() {
  using namespace std::chrono;
  return rfc3339(floor<milliseconds>(system_clock::now()));
}

bool says_nothing(const LogField& field) {
  const auto* const text = std::get_if<std::string_view>(&field.value);
  return std::holds_alternative<std::monostate>(field.value) ||
         (text != nullptr && text->empty());
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

std::string json_line(Level level, std::string_view event, const LogFields& fields) {
  Json json;
  json.begin_object().key("time").value(now()).key("level").value(name(level));
  json.key("event").value(event).key("pid").value(static_cast<std::int64_t>(getpid()));
  for (const LogField& field : fields) {
    if (says_nothing(field)) continue;
    json.key(field.name);
    write_value(json, field);
  }
  json.end_object();
  return std::string(json.text());
}

// In quotes where it would not be clear what belongs to it.
std::string readable(std::string_view text) {
  if (text.find_first_of(" \"=") == std::string_view::npos) return std::string(text);
  Json quoted;
  return std::string(quoted.value(text).text());
}

std::string readable(const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    return readable(clean_text(*text));
  }
  if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    return std::to_string(*integer);
  }
  std::array<char, 32> number{};
  std::snprintf(number.data(), number.size(), "%.1f", std::get<double>(field.value));
  return number.data();
}

std::string readable_line(Level level, std::string_view event, const LogFields& fields) {
  constexpr std::size_t kTimeOfDay = sizeof("2013-05-24T") - 1;
  constexpr std::size_t kLevelWidth = sizeof("warning") - 1;
  std::string line = now().substr(kTimeOfDay) + " ";
  line.append(name(level)).append(kLevelWidth - name(level).size(), ' ');
  line.append(" ").append(event);
  for (const LogField& field : fields) {
    if (says_nothing(field)) continue;
    line.append(" ").append(field.name).append("=").append(readable(field));
  }
  return line;
}

}  // namespace

void log(Level level, std::string_view event, const LogFields& fields) {
  const bool for_people = isatty(STDERR_FILENO) == 1;
  const auto line_of = for_people ? readable_line : json_line;
  const std::string line = line_of(level, event, fields) + "\n";
  // A log that cannot be written has nobody left to tell.
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace photodrop
