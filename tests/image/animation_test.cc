// How many frames, of how many pixels, an animation may have, in the three formats that know
// any.
#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kPixels = 16 * 8;  // of each frame

const std::string kTooMany = "The animation has more than 3 frames; no more are allowed.";
const std::string kTooLarge =
    "The frames of the animation have more than 300 pixels in all; no more are allowed.";

std::string gif(int frames) {
  std::string file = gif_screen();
  for (; frames > 0; --frames) file += gif_frame(2, 2);
  return file + kGifTrailer;
}

std::string png(int frames) {
  std::vector<Chunk> chunks{png_header(), {"acTL", "abc"}, {"fcTL", "abc"}, png_pixels()};
  for (; frames > 1; --frames) chunks.insert(chunks.end(), {{"fcTL", "abc"}, {"fdAT", "abc"}});
  chunks.push_back(kPngEnd);
  return png_file(chunks);
}

std::string webp(int frames) {
  const Chunk frame = webp_frame({.width = 2, .height = 2, .chunks = {webp_lossless(2, 2)}});
  std::vector<Chunk> chunks{webp_canvas(WebpKind::animated), {"ANIM", "abcdef"}};
  chunks.insert(chunks.end(), static_cast<std::size_t>(frames), frame);
  return webp_file(chunks);
}

class Animation : public ::testing::TestWithParam<std::string (*)(int)> {};

TEST_P(Animation, MayHaveSoManyFrames) {
  const ImageLimits limits{.max_frames = 3};
  for (int frames = 1; frames <= 3; ++frames)
    EXPECT_TRUE(is_accepted(outcome_of(GetParam()(frames), limits))) << frames;
  EXPECT_EQ(outcome_of(GetParam()(4), limits), kTooMany);
  EXPECT_TRUE(is_accepted(outcome_of(GetParam()(1000))));
  EXPECT_FALSE(is_accepted(outcome_of(GetParam()(1001))));
}

TEST_P(Animation, MayHaveSoManyPixelsInAllFrames) {
  EXPECT_TRUE(is_accepted(outcome_of(GetParam()(2), {.max_animation_pixels = 2 * kPixels})));
  EXPECT_TRUE(is_accepted(outcome_of(GetParam()(2), {.max_animation_pixels = 300})));
  EXPECT_EQ(outcome_of(GetParam()(3), {.max_animation_pixels = 300}), kTooLarge);
}

TEST_P(Animation, OfOneFrameIsAStill) {
  EXPECT_TRUE(is_accepted(outcome_of(GetParam()(1), {.max_animation_pixels = 1})));
}

INSTANTIATE_TEST_SUITE_P(Formats, Animation, ::testing::Values(gif, png, webp));

TEST(GifAnimation, CountsAFrameThatReachesOverTheScreenWhole) {
  const std::string file = gif_screen() + gif_frame(16, 20) + gif_frame(20, 8) + kGifTrailer;
  const std::int64_t pixels = 16 * 20 + 20 * 8;
  EXPECT_TRUE(is_accepted(outcome_of(file, {.max_animation_pixels = pixels})));
  EXPECT_FALSE(is_accepted(outcome_of(file, {.max_animation_pixels = pixels - 1})));
}

}  // namespace
}  // namespace photodrop
