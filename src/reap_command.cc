#include "reap_command.h"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <thread>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

namespace photodrop {
namespace {

void print(const ReapReport& report) {
  Json json;
  json.begin_object().key("uploads").value(report.uploads).key("photos").value(report.photos);
  json.key("tombstones").value(report.tombstones).key("keys").value(report.keys);
  json.key("failed").value(report.failed).end_object();
  std::cout << json.text() << std::endl;
}

bool did_something(const ReapReport& report) {
  return report.uploads + report.photos + report.tombstones + report.keys + report.failed > 0;
}

void run_and_tell(Reaper& reaper) {
  try {
    const ReapReport report = reaper.reap();
    if (did_something(report)) print(report);
  } catch (const Error& error) {
    log(Level::error, "reaping failed", {{"cause", error.cause()}});
  } catch (const std::exception& error) {
    log(Level::error, "reaping failed", {{"cause", error.what()}});
  }
}

}  // namespace

std::optional<ReapOptions> parse_reap_options(std::span<const std::string_view> arguments) {
  if (arguments.empty()) return ReapOptions{};
  if (arguments.size() != 2 || arguments[0] != "--every") return std::nullopt;
  const auto seconds = parse_integer(arguments[1]);
  if (!seconds || *seconds < 1 || *seconds > 86400) return std::nullopt;
  return ReapOptions{.every = std::chrono::seconds(*seconds)};
}

// A signal may end it at any time: what was taken and not finished is due again.
int run_reap(Reaper& reaper, const ReapOptions& options) {
  while (options.every) {
    run_and_tell(reaper);
    std::this_thread::sleep_for(*options.every);
  }
  const ReapReport report = reaper.reap();
  print(report);
  return report.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace photodrop
