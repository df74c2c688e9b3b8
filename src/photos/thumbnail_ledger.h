// Which thumbnails of a photo there are: the interface between the thumbnailer and SQL. A
// thumbnail is recorded before its object is written, so that whoever deletes the photo knows
// of it. What a call changes is committed before it returns. Every call may throw
// Error{database_unavailable}.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace photodrop {

enum class ThumbnailState {
  missing,  // not made yet, or to be made again: its lease ended or it failed long enough ago
  claimed,  // the caller's to make, for the length of the lease
  in_progress,  // another one's
  stored,       // there
  failed,       // none can be made, or none just now
};

struct KnownThumbnail {
  std::string key;       // of the photo's object
  std::string filename;  // of the photo; empty when it has none
  ThumbnailState state;
};

// A thumbnail of one photo, by how many pixels it is wide and high at most.
struct ThumbnailId {
  std::int64_t photo;
  int box;
};

class ThumbnailLedger {
 public:
  virtual ~ThumbnailLedger() = default;

  // What is known of the thumbnail; never `claimed`. nullopt when there is no such stored
  // photo.
  virtual std::optional<KnownThumbnail> find(const ThumbnailId& id) = 0;

  // The same, but a thumbnail that is missing is claimed; never `missing`.
  virtual std::optional<KnownThumbnail> claim(const ThumbnailId& id,
                                              std::chrono::seconds lease) = 0;

  // Its object is there. False when the photo is not, any more.
  virtual bool finish(const ThumbnailId& id) = 0;

  // It was not made, and cannot be claimed before `rest` is over.
  virtual void give_up(const ThumbnailId& id, std::chrono::seconds rest) = 0;
};

}  // namespace photodrop
