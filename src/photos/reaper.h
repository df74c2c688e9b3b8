// Cleans up what uploads and deletions have left: rows past their lease, interrupted deletions,
// tombstones that have rested, idempotency keys that have served their time. Any number of
// reapers may run at once, on any number of hosts.
#pragma once

#include <cstdint>

#include "photos/cleanup_queue.h"
#include "photos/object_store.h"
#include "photos/remover.h"

namespace photodrop {

struct ReapReport {
  std::int64_t uploads = 0;     // that never ended, now tombstones
  std::int64_t photos = 0;      // whose deletion was interrupted, now tombstones
  std::int64_t tombstones = 0;  // erased
  std::int64_t keys = 0;        // idempotency keys forgotten
  std::int64_t failed = 0;      // left for the next run: the store did not delete the object
};

class Reaper {
 public:
  // Both must outlive the reaper.
  Reaper(ObjectStore& objects, CleanupQueue& queue) : remover_(objects, queue), queue_(queue) {}

  // Cleans up all that is due when it begins, and gives up on a store that fails several times
  // in a row. Throws Error{database_unavailable}.
  ReapReport reap();

 private:
  Remover remover_;
  CleanupQueue& queue_;
};

}  // namespace photodrop
