// What stays of an Exif block is the orientation that it states.
#include <gtest/gtest.h>

#include "fuzz/targets.h"
#include "image/exif.h"
#include "support/sample_images.h"

namespace photodrop::fuzz {
namespace {

constexpr int kUpright = 1;

void run(std::string_view input) {
  const auto orientation = exif_orientation(input);
  const std::string kept = ExifReducer().reduce(input);
  if (orientation.value_or(kUpright) == kUpright) {
    EXPECT_EQ(kept, "");
  } else {
    EXPECT_EQ(kept, exif_block(*orientation, ByteOrder::big));
    EXPECT_EQ(exif_orientation(kept), orientation);
  }
}

}  // namespace

Target exif_target() {
  return {"exif", run, {exif_block(6, ByteOrder::little), exif_block(3, ByteOrder::big)}};
}

}  // namespace photodrop::fuzz
