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

void FrameCounter::count(Size size) {
  ++frames_;
  pixels_ += size.width * size.height;
  if (frames_ > limits_.max_frames)
    refuse("The animation has more than " + std::to_string(limits_.max_frames) +
           " frames; no more are allowed.");
  if (frames_ > 1 && pixels_ > limits_.max_animation_pixels)
    refuse("The frames of the animation have more than " +
           std::to_string(limits_.max_animation_pixels) +
           " pixels in all; no more are allowed.");
}

}  // namespace photodrop
