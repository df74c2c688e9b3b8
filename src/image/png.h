// The PNG container, W3C PNG Specification, 3rd edition (2025), §5 and §11.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/check.h"
#include "image/kept_bytes.h"

namespace photodrop {

// True when the bytes start with the eight of the PNG signature.
bool starts_like_png(std::string_view bytes);

// Walks the chunks of a file that starts like a PNG, from IHDR to IEND, checks each one's CRC
// and their order, and returns the size IHDR states. Throws Error{invalid_image} when they do
// not hold together or the image is over the limits.
//
// Ancillary chunks pass whatever they are, APNG's among them: an animation's frames lie within
// the size of IHDR. A critical chunk beyond the four that PNG has is refused, as by decoders.
//
// Kept are the chunks of pixels, colour, animation and pixel size, and of eXIf the orientation.
// All other ancillary chunks are not, nor is what follows IEND.
Size walk_png(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept);

}  // namespace photodrop
