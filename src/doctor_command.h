// `photodrop doctor`: whether everything that the service needs is there and fits together.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnosis.h"
#include "s3/endpoint.h"
#include "settings.h"

namespace photodrop {

struct DoctorOptions {
  std::optional<s3::Endpoint> service;  // nginx, where readers reach it
};

// The option that follows the command: --url URL. nullopt when there is another, or no URL.
std::optional<DoctorOptions> parse_doctor_options(std::span<const std::string_view> arguments);

// What is printed of a finding: a line with its verdict, name and text, and with a hint a
// second one, indented. Cleaned of whatever a server may have put in; `coloured` adds the
// escapes of a terminal.
std::string report_of(const Diagnosis& finding, bool coloured);

// Makes all checks and prints each finding on standard output; stops after wrong settings, for
// nothing else could be asked then. Returns 0 when nothing is bad, 1 when something is.
int run_doctor(const DoctorOptions& options, const Settings& settings);

}  // namespace photodrop
