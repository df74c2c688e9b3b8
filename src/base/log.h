// The log: one JSON object a line on standard error, where systemd's journal picks it up.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace photodrop {

enum class Level { info, warning, error };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double> value;
};

// Writes {"time":…,"level":…,"event":…,"pid":…,fields…} in one write(2), so that lines of
// several processes do not mix. Text is cleaned (clean_text), a field with empty text left out.
// Never pass a secret, a signed URL or a photo's bytes.
void log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace photodrop
