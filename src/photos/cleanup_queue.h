// The rows of the ledger whose objects have to go: → deleting → tombstone → gone. The interface
// between those who delete and SQL.
//
// A row that is taken is the taker's alone until its lease ends, and due again then: one killed
// in the middle leaves nothing that the next run does not find. Times are the database's, so
// that it does not matter how many hosts take part. Every call is one transaction, committed
// before it returns, and may throw Error{database_unavailable}.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace photodrop {

// A point in time by the database's clock.
using LedgerTime = std::chrono::sys_time<std::chrono::microseconds>;

// What a row was before it was taken.
enum class Remains {
  upload,     // pending, and past its lease
  photo,      // deleted by a client, or about to be
  tombstone,  // its object was deleted before; a late write may have brought it back
};

struct Doomed {
  std::int64_t id;
  std::string key;
  Remains was;
  std::vector<int> thumbnails = {};  // that there are or may be, by their boxes
};

class CleanupQueue {
 public:
  virtual ~CleanupQueue() = default;

  virtual LedgerTime now() = 0;

  // Takes a stored photo out of the list to delete it; nullopt when there is none with that id.
  virtual std::optional<Doomed> take(std::int64_t id, std::chrono::seconds lease) = 0;

  // Takes a row that was due at `time`, the longest due first and none that another one holds;
  // nullopt when none is left.
  virtual std::optional<Doomed> take_due(LedgerTime time, std::chrono::seconds lease) = 0;

  // The objects are deleted: the row becomes a tombstone that knows no more than its key, due
  // after `rest`; one that was a tombstone is erased. Nothing, when another one went on with it
  // since the lease ended.
  virtual void bury(const Doomed& doomed, std::chrono::seconds rest) = 0;

  // An object could not be deleted: the row is due again. Nothing, when another one went on
  // with it since the lease ended.
  virtual void put_back(const Doomed& doomed) = 0;

  // Unbinds idempotency keys of photos that were created longer ago, some at a time; returns
  // how many, 0 when none are left that no one else is at.
  virtual std::int64_t forget_keys(std::chrono::seconds age) = 0;
};

}  // namespace photodrop
