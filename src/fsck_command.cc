#include "fsck_command.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/json.h"
#include "base/text.h"

namespace photodrop {
namespace {

std::string_view name_of(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::orphan:
      return "orphan";
    case Finding::Kind::missing:
      return "missing";
    case Finding::Kind::damaged:
      return "damaged";
    case Finding::Kind::thumbnail:
      return "thumbnail";
  }
  return "unknown";
}

// One line on the terminal that is written over, a few times a second.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (is_shown_) std::cerr << "\r\x1B[K";
  }

  void show(const FsckReport& report) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_terminal_ || now < next_) return;
    next_ = now + std::chrono::milliseconds(250);
    is_shown_ = true;
    std::cerr << "\r\x1B[K" << report.objects << " objects, " << report.rows << " rows, "
              << report.sampled << " read again" << std::flush;
  }

 private:
  const bool is_terminal_ = isatty(STDERR_FILENO) == 1;
  bool is_shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

void print(const Finding& finding) {
  std::cout << name_of(finding.kind) << " " << clean_text(finding.key);
  if (finding.id != 0) std::cout << " id=" << finding.id;
  std::cout << "\n";
}

void print(const FsckReport& report) {
  Json json;
  json.begin_object().key("objects").value(report.objects).key("rows").value(report.rows);
  json.key("foreign").value(report.foreign).key("young").value(report.young);
  json.key("orphans").value(report.orphans).key("fixed").value(report.fixed);
  json.key("missing").value(report.missing).key("damaged").value(report.damaged);
  json.key("sampled").value(report.sampled);
  json.key("thumbnails").value(report.thumbnails).end_object();
  std::cout << json.text() << "\n";
}

}  // namespace

std::optional<FsckOptions> parse_fsck_options(std::span<const std::string_view> arguments) {
  FsckOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--fix") {
      options.fix = true;
    } else if (arguments[i] == "--sample" && i + 1 < arguments.size()) {
      const auto count = parse_integer(arguments[++i]);
      if (!count || *count < 0) return std::nullopt;
      options.sample = *count;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

int run_fsck(ObjectStore& objects, PhotoIndex& index, const FsckOptions& options) {
  ProgressLine progress;
  Fsck fsck(objects, index,
            {.found = [](const Finding& finding) { print(finding); },
             .progress = [&](const FsckReport& report) { progress.show(report); }});
  const FsckReport report = fsck.run(options);
  print(report);
  const bool is_well = report.missing == 0 && report.damaged == 0 &&
                       report.orphans + report.thumbnails == report.fixed;
  return is_well ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace photodrop
