// Finds the photo in a request's body.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/request.h"
#include "photos/uploader.h"

namespace photodrop {

// How many bytes a form may add to the photo in it: boundaries, headers, other fields. nginx
// allows the same (nginx/photodrop.conf.template).
inline constexpr std::size_t kMaxFormOverheadBytes = 1024 * 1024;

// A photo out of a request. `filename` and `declared_type` are its own; `bytes` is a view into
// the request's body.
struct PhotoForm {
  std::string filename;
  std::string declared_type;
  std::string_view bytes;
};

// The file field `photo` of a multipart form, or the whole body when its type is an image's,
// named by X-Filename (percent-encoded UTF-8). Throws Error{malformed_upload} for a broken form
// or two photos in one, Error{missing_photo} when there is none.
PhotoForm find_photo(const Request& request);

}  // namespace photodrop
