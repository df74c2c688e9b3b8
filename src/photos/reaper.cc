#include "photos/reaper.h"

#include "photos/photo_store.h"

namespace photodrop {
namespace {

constexpr int kFailuresInARow = 3;

void count(ReapReport& report, Remains was) {
  switch (was) {
    case Remains::upload:
      ++report.uploads;
      return;
    case Remains::photo:
      ++report.photos;
      return;
    case Remains::tombstone:
      ++report.tombstones;
      return;
  }
}

}  // namespace

// What is put back is due again later than `start`: no row is tried twice.
ReapReport Reaper::reap() {
  ReapReport report;
  const LedgerTime start = queue_.now();
  for (int failures = 0; failures < kFailuresInARow;) {
    const auto doomed = queue_.take_due(start, kCleanupLease);
    if (!doomed) break;
    if (remover_.finish(*doomed)) {
      count(report, doomed->was);
      failures = 0;
    } else {
      ++report.failed;
      ++failures;
    }
  }
  for (std::int64_t keys = 1; keys > 0; report.keys += keys) {
    keys = queue_.forget_keys(kKeyLife);
  }
  return report;
}

}  // namespace photodrop
