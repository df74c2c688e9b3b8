#include "settings_reader.h"

#include "base/text.h"

namespace photodrop {

std::string SettingsReader::text(std::string_view name, std::string_view fallback) const {
  const auto found = settings_.find(name);
  return std::string(found == settings_.end() ? fallback : std::string_view(found->second));
}

std::string SettingsReader::required(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::string value = text(name, "");
    if (!value.empty()) return value;
  }
  fault(*names.begin(), "is missing");
  return {};
}

std::int64_t SettingsReader::number(std::string_view name, std::int64_t fallback, Range range) {
  const auto value = parse_integer(text(name, std::to_string(fallback)));
  if (value && *value >= range.least && *value <= range.most) return *value;
  fault(name, "must be a whole number from " + std::to_string(range.least) + " to " +
                  std::to_string(range.most));
  return fallback;
}

bool SettingsReader::on_or_off(std::string_view name, bool fallback) {
  const std::string value = text(name, fallback ? "on" : "off");
  if (value != "on" && value != "off") fault(name, "must be on or off");
  return value == "on";
}

void SettingsReader::fault(std::string_view name, std::string_view what) {
  faults_.push_back(std::string(name) + " " + std::string(what) + ".");
}

}  // namespace photodrop
