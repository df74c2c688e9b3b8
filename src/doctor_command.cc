#include "doctor_command.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "base/text.h"
#include "config.h"
#include "db/database_checks.h"
#include "s3/store_checks.h"
#include "service_check.h"

namespace photodrop {
namespace {

using Verdict = Diagnosis::Verdict;

// For one request to the store, which is tried once: what passes only sometimes is a finding.
constexpr std::chrono::seconds kDeadline{10};
constexpr std::size_t kLongestText = 500;

struct Label {
  std::string_view word;
  std::string_view colour;  // "Select Graphic Rendition", ECMA-48 §8.3.117
};

Label label_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return {"ok  ", "\x1B[32m"};
    case Verdict::warning:
      return {"warn", "\x1B[33m"};
    case Verdict::bad:
      return {"FAIL", "\x1B[31m"};
    case Verdict::skipped:
      return {"skip", "\x1B[2m"};
  }
  return {"?   ", ""};
}

// Whatever a server has said.
std::string one_line(std::string_view text) {
  return clean_text(utf8_prefix(text, kLongestText)) + "\n";
}

// Prints findings as they come and remembers whether one was bad.
class Report {
 public:
  void add(const Diagnosis& finding) {
    all_well_ = all_well_ && finding.verdict != Verdict::bad;
    std::cout << report_of(finding, is_terminal_) << std::flush;
  }

  void add_all(const std::vector<Diagnosis>& findings) {
    for (const Diagnosis& finding : findings) add(finding);
  }

  int status() const { return all_well_ ? EXIT_SUCCESS : EXIT_FAILURE; }

 private:
  const bool is_terminal_ = isatty(STDOUT_FILENO) == 1;
  bool all_well_ = true;
};

std::optional<Config> check_settings(const Settings& settings, Report& report) {
  constexpr char kName[] = "settings";
  try {
    Config config = parse_config(settings);
    report.add({.name = kName, .text = "complete and well-formed"});
    return config;
  } catch (const ConfigError& error) {
    for (const std::string& fault : error.faults()) {
      report.add(
          {.name = kName,
           .verdict = Verdict::bad,
           .text = fault,
           .hint = "set it in the environment or in .env; the README lists all settings"});
    }
    return std::nullopt;
  }
}

Diagnosis check_nginx(const DoctorOptions& options, const Config& config) {
  if (options.service) return check_service(*options.service, config.uploads.max_bytes);
  return {.name = "nginx body limit",
          .verdict = Verdict::skipped,
          .text = "pass --url with the service's address to check it"};
}

}  // namespace

std::optional<DoctorOptions> parse_doctor_options(std::span<const std::string_view> arguments) {
  if (arguments.empty()) return DoctorOptions{};
  if (arguments.size() != 2 || arguments[0] != "--url") return std::nullopt;
  const auto service = s3::parse_endpoint(arguments[1]);
  return service ? std::optional(DoctorOptions{service}) : std::nullopt;
}

std::string report_of(const Diagnosis& finding, bool coloured) {
  const Label label = label_of(finding.verdict);
  std::string report;
  if (coloured) report += label.colour;
  report += label.word;
  if (coloured) report += "\x1B[0m";
  report.append("  ").append(finding.name).append(": ");
  report += one_line(finding.text);
  if (!finding.hint.empty()) report += "      -> " + one_line(finding.hint);
  return report;
}

int run_doctor(const DoctorOptions& options, const Settings& settings) {
  Report report;
  std::optional<Config> config = check_settings(settings, report);
  if (!config) return report.status();
  config->store.sender.deadline = kDeadline;
  config->store.sender.attempts = 1;
  report.add_all(check_database(config->database_url, all_workers(*config)));
  report.add_all(s3::check_store(config->store));
  report.add(check_nginx(options, *config));
  return report.status();
}

}  // namespace photodrop
