#include "base/log.h"

#include <unistd.h>

#include <chrono>
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
  return text != nullptr && text->empty();
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
  json.begin_object().key("time").value(now()).key("level").value(name(level));
  json.key("event").value(event).key("pid").value(static_cast<std::int64_t>(getpid()));
  for (const LogField& field : fields) {
    if (says_nothing(field)) continue;
    json.key(field.name);
    write_value(json, field);
  }
  json.end_object();
  const std::string line = std::string(json.text()) + "\n";
  // A log that cannot be written has nobody left to tell.
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace photodrop
