// What a file says of its size decides over no memory.
#include <gtest/gtest.h>

#include <cstddef>
#include <limits>

#include "image/outcome.h"
#include "support/sample_images.h"

// AddressSanitizer asks for this before any test, and ends them all at a larger block.
extern "C" const char* __asan_default_options() {
  return "max_allocation_size_mb=64";
}

namespace photodrop {
namespace {

using namespace std::string_literals;

constexpr ImageLimits kNoLimits{.max_pixels = std::numeric_limits<std::int64_t>::max()};
constexpr std::size_t kSize = 5000;  // of a file

// Of each format: 65000 × 65000 pixels, as it says, and a comment that makes up the file.
std::vector<std::string> files_of_four_gigapixels() {
  const std::string comment(kSize, 'c');
  std::string sub_blocks;
  while (sub_blocks.size() < kSize) sub_blocks += "\xC8" + std::string(0xC8, 'c');
  return {kJpegStart + jpeg_segment(0xFE, comment) +
              jpeg_frame({.width = 65000, .height = 65000}) + jpeg_scan() + kJpegEnd,
          png_file({png_header({.width = 65000, .height = 65000}),
                    {"tEXt", comment},
                    png_pixels(),
                    kPngEnd}),
          gif_screen(65000, 65000) + "!\xFE"s + sub_blocks + "\0"s + gif_frame() + kGifTrailer,
          webp_file({webp_canvas(WebpKind::animated, 65000, 65000),
                     {"ANIM", "abcdef"},
                     webp_frame({.chunks = {webp_lossless()}}),
                     {"XMP ", comment}})};
}

TEST(DeclaredSize, IsRefusedWhenItIsOverTheLimit) {
  for (const std::string& file : files_of_four_gigapixels())
    EXPECT_EQ(outcome_of(file),
              "The image has 4225000000 pixels; at most 50000000 are allowed.");
}

TEST(DeclaredSize, TakesNoMemoryWhenItIsNot) {
  for (const std::string& file : files_of_four_gigapixels()) {
    const auto image = probe_image(file, kNoLimits);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->width, 65000);
    EXPECT_EQ(image->height, 65000);
    EXPECT_LT(image->stripped.size(), file.size() - kSize) << "the comment has gone";
  }
}

}  // namespace
}  // namespace photodrop
