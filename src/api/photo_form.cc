#include "api/photo_form.h"

#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "http/multipart.h"

namespace photodrop {
namespace {

constexpr std::string_view kField = "photo";

// A form whose file chooser was left empty sends the field with no name and no content.
bool is_photo(const FormPart& part) {
  return part.name == kField && part.filename &&
         !(part.filename->empty() && part.content.empty());
}

// A body that says it is an image is one photo, whatever the kind: the uploader refuses the
// kinds it does not take.
bool is_raw_photo(std::string_view type) {
  return type.starts_with("image/") || type == "application/octet-stream";
}

PhotoForm photo_in(const std::vector<FormPart>& parts) {
  const FormPart* photo = nullptr;
  for (const FormPart& part : parts) {
    if (!is_photo(part)) continue;
    if (photo != nullptr) {
      throw Error(
          Fault::malformed_upload,
          "The form holds more than one file field \"photo\": send one photo a request.");
    }
    photo = &part;
  }
  if (photo == nullptr) {
    throw Error(Fault::missing_photo, "The form holds no file field \"photo\".");
  }
  return {.filename = *photo->filename,
          .declared_type = std::string(photo->content_type),
          .bytes = photo->content};
}

}  // namespace

PhotoForm find_photo(const Request& request) {
  const std::string type = media_type_of(request.content_type);
  if (type == "multipart/form-data") {
    return photo_in(parse_multipart(request.content_type, request.body));
  }
  if (!is_raw_photo(type)) {
    throw Error(Fault::missing_photo,
                "Send a form (multipart/form-data) with a file field \"photo\", or the image "
                "itself with its type as Content-Type.");
  }
  return {.filename = percent_decode(request.header("x-filename")),
          .declared_type = type,
          .bytes = request.body};
}

}  // namespace photodrop
