#include "settings.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/text.h"

namespace photodrop {
namespace {

namespace fs = std::filesystem;

// Throws when it cannot be read, or its settings would be missing without a word.
std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path)) {
    throw std::runtime_error("Cannot read " + path.string() + ".");
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string_view without_quotes(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void take_line(Settings& settings, std::string_view line) {
  line = trim(without_line_end(line));
  const std::size_t equals = line.find('=');
  if (line.starts_with('#') || equals == std::string_view::npos) return;
  std::string_view name = trim(line.substr(0, equals));
  static constexpr std::string_view kExport = "export ";
  if (name.starts_with(kExport)) name = trim(name.substr(kExport.size()));
  const std::string_view value = without_quotes(trim(line.substr(equals + 1)));
  settings.insert_or_assign(std::string(name), std::string(value));
}

// A file that somebody named has to be there; .env need not.
std::string read_settings_file() {
  static constexpr const char* kDefault = ".env";
  const char* const named = std::getenv("SETTINGS_FILE");
  if (named != nullptr && *named != '\0') return read_file(named);
  std::error_code unknown;
  return fs::exists(kDefault, unknown) ? read_file(kDefault) : std::string();
}

void take_credentials(Settings& settings) {
  const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr) return;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(directory, unreadable)) {
    if (!entry.is_regular_file(unreadable)) continue;
    settings.insert_or_assign(entry.path().filename().string(),
                              std::string(without_line_end(read_file(entry.path()))));
  }
}

void take_environment(Settings& settings) {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    settings.insert_or_assign(std::string(text.substr(0, equals)),
                              std::string(text.substr(equals + 1)));
  }
}

}  // namespace

Settings parse_env_file(std::string_view text) {
  Settings settings;
  while (!text.empty()) take_line(settings, take_until(text, '\n'));
  return settings;
}

Settings gather_settings() {
  Settings settings;
  take_credentials(settings);
  for (auto& [name, value] : parse_env_file(read_settings_file())) {
    if (!value.empty()) settings.insert_or_assign(name, value);
  }
  take_environment(settings);
  std::erase_if(settings, [](const auto& setting) { return setting.second.empty(); });
  return settings;
}

}  // namespace photodrop
