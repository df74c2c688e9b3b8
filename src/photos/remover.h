// Deleting: the row is taken out of the list first, then the object goes, then the row. Killed
// at any instant, what is left is finished by the reaper.
#pragma once

#include <cstdint>

#include "photos/cleanup_queue.h"
#include "photos/object_store.h"

namespace photodrop {

// Longer than a DELETE takes with all its retries: the row is nobody else's meanwhile.
inline constexpr std::chrono::seconds kCleanupLease{150};

// How long a PUT that timed out may take to land, with a wide margin.
inline constexpr std::chrono::hours kTombstoneRest{24};

class Remover {
 public:
  // Both must outlive the remover.
  Remover(ObjectStore& objects, CleanupQueue& queue) : objects_(objects), queue_(queue) {}

  // Deletes a stored photo. False when there is none with that id. True means that it is gone
  // from the list for good; an object that the store did not delete is the reaper's to delete.
  bool remove(std::int64_t id);

  // The objects of a row that was taken, then the row. False when the store failed and the row
  // was put back.
  bool finish(const Doomed& doomed);

 private:
  ObjectStore& objects_;
  CleanupQueue& queue_;
};

}  // namespace photodrop
