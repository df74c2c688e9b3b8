#include "photos/uploader.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/crash_point.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "photos/names.h"

namespace photodrop {
namespace {

// Well over the longest request: nginx gives up after 60 s, the worker's watchdog sooner. A
// client whose worker was killed waits this long before it may use its key again, so it is not
// longer; that a row is reaped in use costs an upload, never a photo (settle).
constexpr std::chrono::minutes kLease{2};

constexpr std::string_view kAllowedTypes =
    "Allowed types: image/jpeg, image/png, image/gif, image/webp.";

// A client that names no type, or the one that RFC 2046 §4.5.1 gives to unknown bytes, has said
// nothing that could be wrong: the bytes decide.
bool declares_nothing(std::string_view type) {
  return type.empty() || equals_ignoring_case(type, "application/octet-stream");
}

[[noreturn]] void refuse_type(const std::string& what) {
  throw Error(Fault::unsupported_type, what + " " + std::string(kAllowedTypes));
}

void check_declared_type(std::string_view type) {
  if (declares_nothing(type) || is_image_type(type)) return;
  refuse_type("Unsupported file type: " + clean_text(utf8_prefix(type, 100)) + ".");
}

void check_size(std::size_t size, std::int64_t max_bytes) {
  if (size == 0) throw Error(Fault::invalid_image, "The photo is empty.");
  if (size > static_cast<std::size_t>(max_bytes)) {
    throw Error(Fault::too_large, "The photo has " + std::to_string(size) + " bytes; at most " +
                                      std::to_string(max_bytes) + " are allowed.");
  }
}

// `bytes` are those that will be stored. A client that repeats an upload under its key sends
// the same bytes, of which the same are stored, so their hash tells whether it did.
NewPhoto describe(const Upload& upload, const Image& image, const Pieces& bytes) {
  return {.key = photo_key(random_uuid(), upload.filename),
          .filename = clean_filename(upload.filename),
          .content_type = std::string(media_type(image.format)),
          .size = static_cast<std::int64_t>(bytes.size()),
          .width = image.width,
          .height = image.height,
          .sha256 = sha256(bytes),
          .idempotency_key = std::string(upload.idempotency_key)};
}

// The client's answer is the same whether or not this can be done now: if not, the reaper will.
template <class Step>
void clean_up(const Photo& row, std::string_view left_behind, Step step) {
  try {
    step();
  } catch (const Error& error) {
    log(Level::warning, left_behind, {{"photo", row.id}, {"cause", error.cause()}});
  }
}

Error not_stored(const std::string& cause) {
  return {Fault::storage_unavailable,
          "The photo could not be stored just now. Please try again.", cause};
}

}  // namespace

Uploaded Uploader::upload(const Upload& upload) {
  const Image image = examine(upload);
  if (!objects_.is_available()) throw not_stored("the store does not answer");
  const Pieces bytes = options_.strip_metadata ? image.stripped.pieces() : upload.bytes;
  const NewPhoto photo = describe(upload, image, bytes);
  Uploaded uploaded = begin(photo);
  if (uploaded.repeated) return uploaded;
  crash_point("upload-begun");
  write_object(uploaded.photo, photo, bytes);
  crash_point("upload-written");
  settle(uploaded.photo);
  crash_point("upload-stored");
  return uploaded;
}

Uploaded Uploader::begin(const NewPhoto& photo) {
  Begun begun = photos_.begin(photo, kLease);
  switch (begun.beginning) {
    case Beginning::begun:
      return {.photo = std::move(begun.photo.value()), .repeated = false};
    case Beginning::repeated:
      return {.photo = std::move(begun.photo.value()), .repeated = true};
    case Beginning::in_progress:
      throw Error(Fault::in_progress,
                  "An upload with this Idempotency-Key has not ended. Please try again.");
    case Beginning::mismatched:
      throw Error(Fault::idempotency_mismatch,
                  "This Idempotency-Key was used for another photo.");
  }
  throw Error(Fault::internal, "The service made an error.", "no such beginning");
}

Image Uploader::examine(const Upload& upload) const {
  check_declared_type(upload.declared_type);
  check_size(upload.bytes.size(), options_.max_bytes);
  auto image = probe_image(upload.bytes, options_.image);
  if (!image) refuse_type("The file is not an image of a supported type.");
  return *std::move(image);
}

void Uploader::write_object(const Photo& row, const NewPhoto& photo, const Pieces& bytes) {
  const PutOutcome outcome = objects_.put({.key = photo.key,
                                           .content_type = photo.content_type,
                                           .bytes = bytes,
                                           .sha256 = photo.sha256});
  if (outcome == PutOutcome::stored) return;
  clean_up(row, "pending row left behind", [&] {
    if (outcome == PutOutcome::absent) {
      photos_.abandon(row.id);
    } else {
      photos_.discard(row.id);
    }
  });
  throw not_stored("PUT of " + photo.key);
}

// A row that is gone was reaped in the meantime, and with it, perhaps before the PUT landed,
// the object: deleting it once more leaves nothing behind.
void Uploader::settle(const Photo& row) {
  if (photos_.finish(row.id)) return;
  clean_up(row, "reaped object left behind", [&] { objects_.remove(row.key); });
  throw Error(Fault::storage_unavailable, "Storing the photo took too long. Please try again.",
              "the row was reaped");
}

}  // namespace photodrop
