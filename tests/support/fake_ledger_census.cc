// The parts of the fake ledger that count and tell the time.
#include <algorithm>

#include "base/error.h"
#include "support/fake_photo_store.h"

namespace photodrop::testing {

LedgerTime FakePhotoStore::now() {
  return time;
}

void FakePhotoStore::check() {
  if (census_fails) throw Error(Fault::database_unavailable, "No database.", "check");
}

Census FakePhotoStore::census() {
  if (census_fails) throw Error(Fault::database_unavailable, "No database.", "census");
  Census counted;
  for (const auto& [id, row] : rows) {
    if (row.state == State::stored) continue;
    if (row.due <= time) ++counted.due;
    if (row.state == State::deleting) ++counted.deleting;
    if (row.state == State::tombstone) ++counted.tombstones;
    if (row.state != State::pending) continue;
    ++counted.pending;
    counted.oldest_pending = std::max(counted.oldest_pending, time - row.created);
  }
  return counted;
}

}  // namespace photodrop::testing
