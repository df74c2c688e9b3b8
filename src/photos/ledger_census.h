// The state of the ledger, for those who watch the service.
#pragma once

#include <chrono>
#include <cstdint>

namespace photodrop {

// Stored photos are not counted: they are far too many to be counted often.
struct Census {
  std::int64_t pending = 0;   // uploads that have not ended, those that were cut off among them
  std::int64_t deleting = 0;  // photos whose object is still to be deleted
  std::int64_t tombstones = 0;  // photos that are gone, but for the rest that they are given
  std::int64_t due = 0;         // of all these, what waits for the reaper now
  std::chrono::microseconds oldest_pending{0};  // its age; 0 when nothing is pending
};

class LedgerCensus {
 public:
  virtual ~LedgerCensus() = default;

  // One transaction; times are the database's. Throws Error{database_unavailable}.
  virtual Census census() = 0;

  // Returns when the ledger answers and has all that this program needs of it. Throws
  // Error{database_unavailable}.
  virtual void check() = 0;
};

}  // namespace photodrop
