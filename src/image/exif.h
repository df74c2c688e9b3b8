// The one thing of an Exif block that a browser needs to show a photo: how to turn it. Exif 2.3
// (CIPA DC-008-2012) §4.5 and §4.6, TIFF 6.0 §2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

// The Exif blocks of one image, in their order. The first that states an orientation counts, as
// for browsers; the orientation is all that stays of it.
class ExifReducer {
 public:
  // What to keep in the place of a block; empty for nothing. `tiff` is the block from its byte
  // order on. Orientations that turn nothing, or that no one knows, are not kept; a block that
  // makes no sense states none.
  std::string reduce(std::string_view tiff);

 private:
  bool decided_ = false;
};

// The number of the tag Orientation in the first directory, 1 to 8, or nullopt.
std::optional<int> exif_orientation(std::string_view tiff);

}  // namespace photodrop
