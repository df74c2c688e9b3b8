// Reads settings one by one and collects what is wrong with them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "settings.h"

namespace photodrop {

struct Range {
  std::int64_t least;
  std::int64_t most;
};

// A setting that is wrong is a fault, a sentence that begins with its name, and its default is
// returned in its place. No value is in a fault: it could be a secret.
class SettingsReader {
 public:
  // The settings must outlive the reader.
  explicit SettingsReader(const Settings& settings) : settings_(settings) {}

  std::string text(std::string_view name, std::string_view fallback) const;

  // The first of the names that is set; a fault when none is.
  std::string required(std::initializer_list<std::string_view> names);

  std::int64_t number(std::string_view name, std::int64_t fallback, Range range);
  bool on_or_off(std::string_view name, bool fallback);

  // `what` is the sentence without the name in front and the full stop behind.
  void fault(std::string_view name, std::string_view what);

  const std::vector<std::string>& faults() const { return faults_; }

 private:
  const Settings& settings_;
  std::vector<std::string> faults_;
};

}  // namespace photodrop
