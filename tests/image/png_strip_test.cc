// What of a PNG's chunks is kept.
#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

// A PNG with these chunks between IHDR and IEND.
std::string file_of(std::vector<Chunk> chunks) {
  chunks.insert(chunks.begin(), png_header());
  chunks.push_back(kPngEnd);
  return png_file(chunks);
}

// What is kept of it.
std::string kept_of(const std::vector<Chunk>& chunks) {
  const std::string kept = stripped(file_of(chunks));
  EXPECT_EQ(stripped(kept), kept) << "a second time";
  return kept;
}

TEST(PngStrip, KeepsPixelsColoursAndAnimation) {
  for (const char* name : {"PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV",
                           "cLLI", "sBIT", "bKGD", "hIST", "sPLT", "pHYs", "acTL", "fcTL"}) {
    const std::vector<Chunk> chunks{{name, "abc"}, png_pixels()};
    EXPECT_EQ(kept_of(chunks), file_of(chunks)) << name;
  }
  const std::vector<Chunk> animation{png_pixels(), {"fcTL", "abc"}, {"fdAT", "abcd"}};
  EXPECT_EQ(kept_of(animation), file_of(animation));
}

TEST(PngStrip, KeepsEveryPieceOfThePixels) {
  const std::string pixels = png_pixels().data;
  const std::vector<Chunk> chunks{
      {"IDAT", pixels.substr(0, 9)}, {"IDAT", ""}, {"IDAT", pixels.substr(9)}};
  EXPECT_EQ(kept_of(chunks), file_of(chunks));
}

TEST(PngStrip, DropsAllOthersWhereverTheyAre) {
  for (const char* name : {"tEXt", "zTXt", "iTXt", "tIME", "eXIf", "dSIG", "caBX", "oFFs",
                           "prVt", "neWx", "idat", "plte"})
    EXPECT_EQ(kept_of({{name, "private"}, png_pixels(), {name, ""}, {name, "more"}}),
              file_of({png_pixels()}))
        << name;
}

TEST(PngStrip, KeepsTheOrientationAlone) {
  for (int orientation = 2; orientation <= 8; ++orientation) {
    const Chunk bare{"eXIf", exif_block(orientation, ByteOrder::big)};
    const Chunk more{"eXIf", exif_block(orientation, ByteOrder::little) + "GPS"};
    EXPECT_EQ(kept_of({bare, png_pixels()}), file_of({bare, png_pixels()}));
    EXPECT_EQ(kept_of({more, png_pixels()}), file_of({bare, png_pixels()}));
    EXPECT_EQ(kept_of({png_pixels(), more, more}), file_of({png_pixels(), bare}));
  }
  EXPECT_EQ(kept_of({{"eXIf", exif_block(1, ByteOrder::big)}, png_pixels()}),
            file_of({png_pixels()}));
}

}  // namespace
}  // namespace photodrop
