// The upload ledger at work: validate, begin, PUT, finish. Killed at any instant it leaves
// either a stored photo or a pending row that names what to clean up.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/probe.h"
#include "photos/object_store.h"
#include "photos/photo_store.h"

namespace photodrop {

struct UploadOptions {
  std::int64_t max_bytes = 5LL * 1024 * 1024;
  ImageLimits image;
  bool strip_metadata = true;  // or store what was sent, byte for byte
};

// A photo as it came in; borrowed for the length of the call.
struct Upload {
  std::string_view bytes;
  std::string_view declared_type;         // a media type; empty when the client named none
  std::string_view filename;              // as sent; may be empty
  std::string_view idempotency_key = {};  // parse_idempotency_key(); empty without one
};

struct Uploaded {
  Photo photo;
  bool repeated = false;  // by an earlier request with the same idempotency key
};

class Uploader {
 public:
  // Both stores must outlive the uploader.
  Uploader(ObjectStore& objects, PhotoStore& photos, UploadOptions options)
      : objects_(objects), photos_(photos), options_(options) {}

  // Stores the photo without its metadata, unless its idempotency key says that this was done,
  // and returns its row. Throws Error{too_large, unsupported_type, invalid_image} before
  // anything is written, Error{in_progress, idempotency_mismatch} when the key is another
  // upload's, and Error{storage_unavailable, database_unavailable}.
  Uploaded upload(const Upload& upload);

 private:
  Image examine(const Upload& upload) const;
  Uploaded begin(const NewPhoto& photo);
  void write_object(const Photo& row, const NewPhoto& photo, const Pieces& bytes);
  void settle(const Photo& row);

  ObjectStore& objects_;
  PhotoStore& photos_;
  UploadOptions options_;
};

}  // namespace photodrop
