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
  std::int64_t max_frames = 1000;
  std::int64_t max_animation_pixels = 500'000'000;  // of all frames, each as large as the image
};

// Throws Error{invalid_image}; `sentence` is shown to the person who uploaded the file.
[[noreturn]] void refuse(const std::string& sentence);

// Refuses a size without area, and one of more than `max_pixels` pixels.
void check_size(Size size, std::int64_t max_pixels);

// Counts the frames of an animation while they are found. Programs unfold each to the size of
// the whole image, so this is what they are counted with; an image of one frame is no
// animation.
class FrameCounter {
 public:
  // `limits` must outlive this.
  explicit FrameCounter(const ImageLimits& limits) : limits_(limits) {}

  // Refuses the frame that is one too many. `size` has passed check_size().
  void count(Size size);

 private:
  const ImageLimits& limits_;
  std::int64_t frames_ = 0;
  std::int64_t pixels_ = 0;
};

}  // namespace photodrop
