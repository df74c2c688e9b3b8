// The ledger: one row a photo, pending → stored. The interface between the uploader and SQL.
// Every call is one transaction, committed before it returns. Every call may throw
// Error{database_unavailable}.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "photos/photo.h"

namespace photodrop {

enum class Order { ascending, descending };

// A stretch of the list of stored photos, in the order of their ids.
struct Page {
  std::optional<std::int64_t> after;  // exclusive; from the start when there is none
  std::int64_t limit;                 // at least 1
  Order order = Order::ascending;
};

class PhotoStore {
 public:
  virtual ~PhotoStore() = default;

  // Records that the photo is about to be written: a `pending` row that the reaper leaves alone
  // for the length of `lease`. After a throw the row may exist; the reaper takes it then.
  virtual Photo begin(const NewPhoto& photo, std::chrono::seconds lease) = 0;

  // pending → stored, once the object is there. True when the row is `stored` now, and so also
  // when it was before; false when it is no longer there to be finished.
  virtual bool finish(std::int64_t id) = 0;

  // Removes a `pending` row whose object is certainly absent. A row in another state, or none,
  // is left as it is.
  virtual void abandon(std::int64_t id) = 0;

  // The id of the page's last photo when more follow it, to continue after; nullopt when the
  // page reaches the end.
  virtual std::optional<std::int64_t> next_after(const Page& page) = 0;

  // Calls `visit` for each photo of the page, in order, in memory that does not grow with it.
  virtual void each(const Page& page, const std::function<void(const Photo&)>& visit) = 0;
};

}  // namespace photodrop
