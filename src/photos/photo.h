// A photo as the ledger knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.h"

namespace photodrop {

// What is known of a photo before it has an id.
struct NewPhoto {
  std::string key;       // the object's key in the bucket: photo_key()
  std::string filename;  // the original name, clean_filename(); empty when there was none
  std::string content_type;
  std::int64_t size;                 // bytes
  std::int64_t width;                // pixels
  std::int64_t height;               // pixels
  Sha256 sha256;                     // of the bytes that are stored
  std::string idempotency_key = {};  // the client's name for this upload; empty without one
};

// A row of the table. Rows that the lesson's app wrote know their id and key, no more.
struct Photo {
  std::int64_t id;
  std::string key;
  std::optional<std::string> filename = {};
  std::optional<std::string> content_type = {};
  std::optional<std::int64_t> size = {};
  std::optional<std::int64_t> width = {};
  std::optional<std::int64_t> height = {};
  std::optional<std::string> sha256 = {};      // hex
  std::optional<std::string> created_at = {};  // RFC 3339, UTC
};

}  // namespace photodrop
