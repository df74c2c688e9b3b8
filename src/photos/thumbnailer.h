// Thumbnails on demand: each is made once, however many ask for it, kept in the store beside
// its photo, and deleted with it. Killed at any instant, what is left is a recorded thumbnail
// that the next request makes anew.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "photos/object_store.h"
#include "photos/thumbnail_ledger.h"
#include "photos/thumbnail_maker.h"

namespace photodrop {

// The media type of every thumbnail.
inline constexpr char kThumbnailType[] = "image/webp";

struct Thumbnail {
  std::string key;             // of its own object
  std::string photo_filename;  // empty when the photo has none
};

class Thumbnailer {
 public:
  struct Parts {
    ObjectStore& objects;
    ThumbnailLedger& ledger;
    ThumbnailMaker& maker;
  };

  // How long to wait for a thumbnail that another one is making: who waits holds a worker.
  static constexpr std::chrono::seconds kPatience{2};

  // The parts must outlive the thumbnailer.
  explicit Thumbnailer(Parts parts, std::chrono::milliseconds patience = kPatience)
      : parts_(parts), patience_(patience) {}

  // The thumbnail if it is in the store; nullopt if it has to be made, or is being made. Asks
  // the ledger alone. Throws Error{not_found} without such a photo, Error{no_thumbnail} when
  // none can be made of it, and Error{database_unavailable}.
  std::optional<Thumbnail> find(const ThumbnailId& id);

  // Returns once the thumbnail is in the store. Throws what find() does, Error{busy} when
  // another worker takes too long to make it, Error{storage_unavailable}, and what the maker
  // throws.
  Thumbnail provide(const ThumbnailId& id);

 private:
  KnownThumbnail wait_for_claim(const ThumbnailId& id);
  void make(const ThumbnailId& id, const std::string& photo_key);
  void store(const ThumbnailId& id, const std::string& key, std::string_view thumbnail);

  Parts parts_;
  std::chrono::milliseconds patience_;
};

}  // namespace photodrop
