// The log: one JSON object a line on standard error, where systemd's journal picks it up, or a
// line for people when that is a terminal.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace photodrop {

enum class Level { info, warning, error };

// A field without a value, or with an empty text, is left out.
struct LogField {
  std::string_view name;
  std::variant<std::monostate, std::string_view, std::int64_t, double> value;
};

using LogFields = std::initializer_list<LogField>;

// Writes {"time":…,"level":…,"event":…,"pid":…,fields…} in one write(2), so that lines of
// several processes do not mix; on a terminal `22:14:03.123Z info    event name=value …`. Text
// is cleaned (clean_text). Never pass a secret, a signed URL or a photo's bytes.
void log(Level level, std::string_view event, const LogFields& fields = {});

}  // namespace photodrop
