// The WebP container, RFC 9649 §2, and the headers of its two bitstreams: VP8, lossy, RFC 6386
// §9.1, and VP8L, lossless, RFC 9649 §3.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/check.h"
#include "image/kept_bytes.h"

namespace photodrop {

// True when the bytes start with a RIFF header of the form type "WEBP".
bool starts_like_webp(std::string_view bytes);

// Walks the chunks of a file that starts like a WebP to the end its RIFF header states, and
// returns the image's size: that of the bitstream, or of the canvas in the extended format.
// Throws Error{invalid_image} when they do not hold together or the image has more
// pixels than allowed.
//
// In the extended format a still image must be as large as the canvas, and an animation must
// have at least one frame; each lies within the canvas and is as large as its bitstream. Chunks
// that are not known, or come a second time, pass, as RFC 9649 §2.7 has readers ignore them.
//
// Kept are the chunks of the image or of the animation, the ICC profile, and of EXIF the
// orientation. All other chunks are not, a second image among them, nor is what follows the
// end.
Size walk_webp(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept);

}  // namespace photodrop
