#include "image/check.h"

#include "base/error.h"

namespace photodrop {

void refuse(const std::string& sentence) {
  throw Error(Fault::invalid_image, sentence);
}

void check_size(Size size, std::int64_t max_pixels) {
  if (size.width == 0 || size.height == 0)
    refuse("The image is corrupt: its width or its height is 0.");
  const std::int64_t pixels = size.width * size.height;
  if (pixels > max_pixels)
    refuse("The image has " + std::to_string(pixels) + " pixels; at most " +
           std::to_string(max_pixels) + " are allowed.");
}

}  // namespace photodrop
