// A photo made small, by libvips. The only user of libvips.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace photodrop {

class CannotShrink : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Starts libvips: one thread, no cache, no code made at run time, and of its decoders only
// those for JPEG, PNG, GIF and WebP. Once, before shrink(): it opens libraries, shrink() opens
// nothing. Throws CannotShrink.
void start_vips();

// A WebP, at most `box` pixels wide and high and never larger than the image,
// which lies in `bytes`: its first frame, turned as its orientation says, in sRGB. Its
// metadata may tell something of the image. Throws CannotShrink.
std::string shrink(std::string_view bytes, int box);

}  // namespace photodrop
