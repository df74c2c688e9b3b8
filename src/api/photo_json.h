// A photo as clients see it.
#pragma once

#include "base/json.h"
#include "photos/object_store.h"
#include "photos/photo.h"

namespace photodrop {

// Writes the photo object: the lesson's `id` and `photo_url` first, then filename,
// content_type, size, width, height, sha256, created_at (null where nothing is known) and
// expires_at, when photo_url stops working.
void write_photo(Json& json, const Photo& photo, const ObjectUrl& url);

}  // namespace photodrop
