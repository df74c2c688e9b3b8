// The ledger's rows by their keys, whatever their state: the interface between fsck and SQL.
// Every call is one transaction and may throw Error{database_unavailable}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "photos/cleanup_queue.h"

namespace photodrop {

struct IndexedPhoto {
  std::int64_t id;
  std::string key;
  bool is_stored;                     // if not, its object may or may not be there
  std::optional<std::int64_t> size;   // bytes
  std::optional<std::string> sha256;  // hex
  std::vector<int> thumbnails = {};   // that are said to be stored, by their boxes
};

class PhotoIndex {
 public:
  virtual ~PhotoIndex() = default;

  virtual LedgerTime now() = 0;

  // The next rows behind the key `after`, in the order of their keys' bytes: `limit` of them,
  // fewer only at the end.
  virtual std::vector<IndexedPhoto> rows_after(std::string_view after, std::int64_t limit) = 0;

  // The row with that key.
  virtual std::optional<IndexedPhoto> find_key(std::string_view key) = 0;

  // The object of a photo's thumbnail is not there after all: who asks for it next has it made
  // anew.
  virtual void forget_thumbnail(std::int64_t photo, int box) = 0;

  // So many stored photos, or all when there are not as many, picked at random.
  virtual std::vector<IndexedPhoto> sample(std::int64_t count) = 0;
};

}  // namespace photodrop
