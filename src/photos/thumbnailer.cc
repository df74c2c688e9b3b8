#include "photos/thumbnailer.h"

#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/crash_point.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/log.h"
#include "image/probe.h"
#include "photos/names.h"

namespace photodrop {
namespace {

// Over the worker's watchdog, which ends whoever takes longer to read, make and write it.
constexpr std::chrono::seconds kLease{60};

// Before another try at a photo of which none could be made: it costs as much as a hung
// decoder.
constexpr std::chrono::minutes kRest{10};

constexpr std::chrono::milliseconds kPause{25};

// The thumbnail without its metadata, if that is what it is.
std::optional<std::string> checked(std::string_view thumbnail, int box) {
  try {
    const auto image = probe_image(thumbnail, {});
    if (image && image->format == ImageFormat::webp && image->width <= box &&
        image->height <= box) {
      return image->stripped.pieces().joined();
    }
  } catch (const Error&) {
    // Broken is as good as none.
  }
  log(Level::error, "what was made is no thumbnail");
  return std::nullopt;
}

Error no_thumbnail() {
  return {Fault::no_thumbnail, "There is no thumbnail of this photo."};
}

Error no_such_photo() {
  return {Fault::not_found, "There is no such photo."};
}

Error not_stored(const std::string& cause) {
  return {Fault::storage_unavailable,
          "The thumbnail could not be stored just now. Please try again.", cause};
}

Thumbnail thumbnail_of(const KnownThumbnail& known, const ThumbnailId& id) {
  return {.key = thumbnail_key(known.key, id.box), .photo_filename = known.filename};
}

}  // namespace

std::optional<Thumbnail> Thumbnailer::find(const ThumbnailId& id) {
  const auto known = parts_.ledger.find(id);
  if (!known) throw no_such_photo();
  if (known->state == ThumbnailState::failed) throw no_thumbnail();
  if (known->state != ThumbnailState::stored) return std::nullopt;
  return thumbnail_of(*known, id);
}

Thumbnail Thumbnailer::provide(const ThumbnailId& id) {
  if (!parts_.objects.is_available()) throw not_stored("the store does not answer");
  const KnownThumbnail claim = wait_for_claim(id);
  if (claim.state == ThumbnailState::failed) throw no_thumbnail();
  if (claim.state == ThumbnailState::claimed) make(id, claim.key);
  return thumbnail_of(claim, id);
}

// Whoever is making it may be on another host, so the ledger is asked until it has ended.
KnownThumbnail Thumbnailer::wait_for_claim(const ThumbnailId& id) {
  const auto end = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    auto claim = parts_.ledger.claim(id, kLease);
    if (!claim) throw no_such_photo();
    if (claim->state != ThumbnailState::in_progress) return *std::move(claim);
    if (std::chrono::steady_clock::now() >= end) {
      throw Error(Fault::busy, "The thumbnail is being made. Please try again in a moment.");
    }
    std::this_thread::sleep_for(kPause);
  }
}

void Thumbnailer::make(const ThumbnailId& id, const std::string& photo_key) {
  crash_point("thumbnail-claimed");
  std::optional<std::string> thumbnail;
  try {
    const auto image = parts_.objects.read(photo_key);
    if (image) thumbnail = parts_.maker.make(*image, id.box);
  } catch (const std::exception&) {
    parts_.ledger.give_up(id, std::chrono::seconds(0));
    throw;
  }
  if (thumbnail) thumbnail = checked(*thumbnail, id.box);
  if (!thumbnail) {
    parts_.ledger.give_up(id, kRest);
    throw no_thumbnail();
  }
  store(id, thumbnail_key(photo_key, id.box), *thumbnail);
  log(Level::info, "thumbnail made",
      {{"photo", id.photo},
       {"box", id.box},
       {"bytes", static_cast<std::int64_t>(thumbnail->size())}});
}

void Thumbnailer::store(const ThumbnailId& id, const std::string& key,
                        std::string_view thumbnail) {
  const PutOutcome outcome = parts_.objects.put({.key = key,
                                                 .content_type = kThumbnailType,
                                                 .bytes = thumbnail,
                                                 .sha256 = sha256(thumbnail)});
  crash_point("thumbnail-written");
  if (outcome != PutOutcome::stored) {
    parts_.ledger.give_up(id, std::chrono::seconds(0));
    throw not_stored("PUT of " + key);
  }
  if (parts_.ledger.finish(id)) return;
  parts_.objects.remove(key);
  throw no_such_photo();
}

}  // namespace photodrop
