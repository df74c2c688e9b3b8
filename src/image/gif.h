// The GIF container, CompuServe's GIF89a specification (1990) and GIF87a before it.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/check.h"
#include "image/kept_bytes.h"

namespace photodrop {

// True when the bytes start with "GIF87a" or "GIF89a".
bool starts_like_gif(std::string_view bytes);

// Walks the blocks of a file that starts like a GIF, from the logical screen through every
// frame and extension to the trailer, and returns the logical screen's size. Throws
// Error{invalid_image} when they do not hold together, or when the logical screen or any frame
// is over the limits.
//
// A frame may reach over the edge of the logical screen: browsers show such files.
//
// Kept are the frames, the graphic controls, how often the animation runs and the ICC profile.
// All other extensions (comments, XMP, plain text, which nothing renders) are not, nor is what
// follows the trailer.
Size walk_gif(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept);

}  // namespace photodrop
