// The ledger: one row a photo, pending → stored. The interface between the uploader and SQL;
// how photos go again is in photos/cleanup_queue.h. Every call is one transaction, committed
// before it returns. Every call may throw Error{database_unavailable}.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "photos/photo.h"

namespace photodrop {

enum class Order { ascending, descending };

// The page of the list of stored photos that a client asks for, in the order of their ids.
struct Page {
  std::optional<std::int64_t> after;  // exclusive; from the start when there is none
  std::int64_t limit;                 // at least 1
  Order order = Order::ascending;
};

// Where that page lies: every stored photo behind `after`, up to `last` and including it. A
// photo that is stored later joins the range that its id is in: reading it does not miss that
// photo, while a walk that has come further does.
struct PageRange {
  std::optional<std::int64_t> after;
  std::int64_t last;
  Order order = Order::ascending;
  bool more = false;  // photos follow, behind `last`
  // Another one once a photo of the range, or the one that follows, has come or gone: made of
  // their ids and keys. Photos themselves never change.
  std::string fingerprint = {};

  bool operator==(const PageRange&) const = default;
};

// What an upload found under its idempotency key when it began. A key is bound to its photo for
// kKeyLife, and let go sooner when that photo is deleted or its upload has outlived its lease.
enum class Beginning {
  begun,        // nothing, or it has no key: there is a new row now
  repeated,     // the same bytes, stored
  in_progress,  // the same bytes, and an upload that has not ended
  mismatched,   // other bytes
};

struct Begun {
  Beginning beginning;
  std::optional<Photo> photo;  // the row that is new or repeated
};

inline constexpr std::chrono::hours kKeyLife{24};

class PhotoStore {
 public:
  using Visit = std::function<void(const Photo&)>;

  virtual ~PhotoStore() = default;

  // Records that the photo is about to be written: a `pending` row that the reaper leaves alone
  // for the length of `lease`. After a throw the row may exist; the reaper takes it then.
  virtual Begun begin(const NewPhoto& photo, std::chrono::seconds lease) = 0;

  // pending → stored, once the object is there. True when the row is `stored` now, and so also
  // when it was before; false when it is no longer there to be finished.
  virtual bool finish(std::int64_t id) = 0;

  // Removes a `pending` row whose object is certainly absent. A row in another state, or none,
  // is left as it is.
  virtual void abandon(std::int64_t id) = 0;

  // Hands a `pending` row whose object may be there to the reaper, at once. Its idempotency key
  // is free again.
  virtual void discard(std::int64_t id) = 0;

  // The stored photo with that id.
  virtual std::optional<Photo> find(std::int64_t id) = 0;

  // Where the page lies; nullopt when it is empty.
  virtual std::optional<PageRange> locate(const Page& page) = 0;

  // Calls `visit` for each photo of the range, in order, in memory that does not grow with it.
  virtual void each(const PageRange& range, const Visit& visit) = 0;

  // Both at once: calls `visit` for each photo of the page and returns where that lies, all of
  // it as of one moment. The page, some thousands of photos at most, is held in memory.
  virtual std::optional<PageRange> read(const Page& page, const Visit& visit) = 0;
};

}  // namespace photodrop
