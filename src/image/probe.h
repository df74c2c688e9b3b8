// Tells what an image is by its bytes alone: the format, then a walk through the container that
// proves it whole. Pixels are never decoded here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace photodrop {

enum class ImageFormat { jpeg, png, gif, webp };

// The media type of the format: image/jpeg, image/png, image/gif or image/webp.
std::string_view media_type(ImageFormat format);

// True for the four media types above, compared without regard to case.
bool is_image_type(std::string_view type);

struct Image {
  ImageFormat format;
  std::int64_t width;   // pixels, as stored: an Exif orientation is not applied
  std::int64_t height;  // pixels
};

// The image that `bytes` hold, or nullopt when they start like none of the four formats.
// Throws Error{invalid_image}, with a sentence that says what is wrong, when they start like an
// image and are truncated or corrupt, or when width × height is over `max_pixels`.
std::optional<Image> probe_image(std::string_view bytes, std::int64_t max_pixels);

}  // namespace photodrop
