#include "photos/remover.h"

#include "base/crash_point.h"
#include "base/error.h"
#include "base/log.h"
#include "photos/names.h"

namespace photodrop {

bool Remover::remove(std::int64_t id) {
  const auto doomed = queue_.take(id, kCleanupLease);
  if (!doomed) return false;
  crash_point("delete-taken");
  try {
    finish(*doomed);
  } catch (const Error& error) {
    log(Level::warning, "deletion left to the reaper",
        {{"photo", id}, {"cause", error.cause()}});
  }
  return true;
}

bool Remover::finish(const Doomed& doomed) {
  try {
    for (const int box : doomed.thumbnails) objects_.remove(thumbnail_key(doomed.key, box));
    objects_.remove(doomed.key);
  } catch (const Error& error) {
    log(Level::warning, "object not deleted", {{"photo", doomed.id}, {"cause", error.cause()}});
    queue_.put_back(doomed);
    return false;
  }
  crash_point("delete-removed");
  queue_.bury(doomed, kTombstoneRest);
  crash_point("delete-buried");
  return true;
}

}  // namespace photodrop
