// Tells what an image is by its bytes alone: the format by its first bytes, then a walk through
// the container, header to end mark, that proves the file whole and finds what of it to keep.
//
// A walk is linear in the bytes and keeps a few words of state, and at most a copy of what it
// keeps of the file, whatever sizes that declares; pixels are never decompressed.
// A file that passes can therefore still fail in a decoder: what is promised is its format, its
// dimensions and that its end is there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "image/check.h"
#include "image/kept_bytes.h"

namespace photodrop {

enum class ImageFormat { jpeg, png, gif, webp };

// The media type of the format: image/jpeg, image/png, image/gif or image/webp.
std::string_view media_type(ImageFormat format);

// True for the four media types above, compared without regard to case. Parameters, as in
// "image/png; q=1", are not part of a type: split them off first.
bool is_image_type(std::string_view type);

struct Image {
  ImageFormat format;
  std::int64_t width;   // pixels, as stored: an Exif orientation is not applied
  std::int64_t height;  // pixels
  KeptBytes stripped;   // what to keep of the file
};

// The image that `bytes` hold, or nullopt when they start like none of the four formats;
// `bytes` must outlive it. Throws Error{invalid_image}, with a sentence that says what is
// wrong, when they start like an image and are truncated or corrupt, or when it is over the
// limits.
//
// Kept is what a browser needs to show the image as it was meant, bit by bit: pixels,
// animation, colours, orientation; each format's header lists it. Metadata are not, nor is
// whatever follows the end mark: phones append motion photos there, others a ZIP or a page.
// What is kept is an image again, and all of it is kept.
std::optional<Image> probe_image(std::string_view bytes, const ImageLimits& limits);

}  // namespace photodrop
