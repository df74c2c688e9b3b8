// What the walks through the four containers have in common: an image's size, the limits it
// must keep to, and the way out when it does not hold together.
#pragma once

#include <cstdint>
#include <string>

namespace photodrop {

// In pixels. The formats store at most 31 bits each, so width × height always fits.
struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;

  bool operator==(const Size&) const = default;
};

struct ImageLimits {
  std::int64_t max_pixels = 50'000'000;  // width × height, of the image and of each frame
};

// Throws Error{invalid_image}; `sentence` is shown to the person who uploaded the file.
[[noreturn]] void refuse(const std::string& sentence);

// Refuses a size without area, and one of more than `max_pixels` pixels.
void check_size(Size size, std::int64_t max_pixels);

}  // namespace photodrop
