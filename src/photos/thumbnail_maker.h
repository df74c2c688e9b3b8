// What makes thumbnails of photos: the interface to decoders, whatever they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

class ThumbnailMaker {
 public:
  virtual ~ThumbnailMaker() = default;

  // A WebP, at most `box` pixels wide and high, of the image in `image`; nullopt when none
  // could be made of it within reasonable time and memory. Why is in the log. A decoder that
  // was taken over answers anything. Throws std::runtime_error when there is no decoder to be
  // had, which says nothing of the image.
  virtual std::optional<std::string> make(std::string_view image, int box) = 0;
};

}  // namespace photodrop
