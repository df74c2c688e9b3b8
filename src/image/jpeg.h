// The JPEG container, ITU-T T.81 annex B.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/check.h"
#include "image/kept_bytes.h"

namespace photodrop {

// True when the bytes start with SOI and the first byte of the next marker.
bool starts_like_jpeg(std::string_view bytes);

// Walks the markers of a file that starts like a JPEG, from SOI to EOI, through every scan, and
// returns the size its frame states. Throws Error{invalid_image} when it does not hold together
// or is over the limits.
//
// Every process of T.81 passes: baseline to lossless, Huffman or arithmetic, hierarchical too,
// where the DHP segment states the size. A height of 0, to be defined after the first scan by
// DNL, does not: browsers show nothing for it. Nor do stray bytes between two segments.
//
// Kept are the picture, JFIF without a thumbnail, the ICC profile, Adobe's segment that tells
// CMYK from YCCK, and of Exif the orientation. All other applications' segments and comments,
// wherever they are, are not, nor is what follows EOI.
Size walk_jpeg(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept);

}  // namespace photodrop
