// What of a WebP's chunks is kept, and that the sizes and flags still tell the truth.
#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

constexpr char kAnimation = 0x02, kXmp = 0x04, kExif = 0x08, kAlpha = 0x10, kIcc = 0x20;

const Chunk kAnim{"ANIM", std::string(6, '\0')};
const Chunk kProfile{"ICCP", "abc"};
const Chunk kSecret{"EXIF", "private"};
const Chunk kXmpPacket{"XMP ", "<x/>"};
const Chunk kUnknown{"what", "?"};

Chunk header(int flags) {
  Chunk chunk = webp_canvas(WebpKind::still);
  chunk.data[0] = static_cast<char>(flags);
  return chunk;
}

Chunk exif(int orientation, ByteOrder order = ByteOrder::big) {
  return {"EXIF", exif_block(orientation, order)};
}

std::string kept_of(const std::vector<Chunk>& chunks) {
  const std::string kept = stripped(webp_file(chunks));
  EXPECT_EQ(stripped(kept), kept) << "a second time";
  return kept;
}

TEST(WebpStrip, KeepsASimpleImageAndNothingAfterIt) {
  for (const Chunk& image : {webp_lossy(), webp_lossless()}) {
    EXPECT_EQ(kept_of({image}), webp_file({image}));
    EXPECT_EQ(kept_of({image, kSecret, kXmpPacket, kProfile, kUnknown}), webp_file({image}));
    EXPECT_EQ(kept_of({image, webp_lossless(3, 3)}), webp_file({image})) << "another image";
  }
}

TEST(WebpStrip, KeepsAlphaAndProfile) {
  const std::vector<Chunk> chunks{header(kIcc | kAlpha), kProfile, {"ALPH", "x"}, webp_lossy()};
  EXPECT_EQ(kept_of(chunks), webp_file(chunks));
}

TEST(WebpStrip, DropsMetadataAndTheirFlags) {
  EXPECT_EQ(kept_of({header(kIcc | kExif | kXmp), kUnknown, kProfile, webp_lossy(), kSecret,
                     kXmpPacket, kUnknown}),
            webp_file({header(kIcc), kProfile, webp_lossy()}));
}

TEST(WebpStrip, DropsFlagsWithoutMetadata) {
  EXPECT_EQ(kept_of({header(kExif | kXmp), webp_lossy()}),
            webp_file({header(0), webp_lossy()}));
}

TEST(WebpStrip, DropsASecondImage) {
  EXPECT_EQ(kept_of({header(0), webp_lossy(), {"ALPH", "x"}, webp_lossless(3, 3), header(0)}),
            webp_file({header(0), webp_lossy()}));
  const Chunk frame = webp_frame({.chunks = {webp_lossy()}});
  EXPECT_EQ(kept_of({header(0), kAnim, frame, webp_lossy()}),
            webp_file({header(0), webp_lossy()}));
}

TEST(WebpStrip, KeepsTheOrientationAlone) {
  for (int orientation = 2; orientation <= 8; ++orientation)
    for (const std::string& prefix : {""s, "Exif\0\0"s}) {
      const Chunk bare{"EXIF", prefix + exif(orientation).data};
      const Chunk more{"EXIF", prefix + exif(orientation, ByteOrder::little).data + "GPS"};
      const std::string kept = webp_file({header(kExif), webp_lossy(), bare});
      EXPECT_EQ(kept_of({header(kExif), webp_lossy(), bare}), kept);
      EXPECT_EQ(kept_of({header(kExif), webp_lossy(), more, more}), kept);
    }
  EXPECT_EQ(kept_of({header(kExif), webp_lossy(), exif(1)}),
            webp_file({header(0), webp_lossy()}));
}

TEST(WebpStrip, DropsAnOrientationThatIsNotAnnounced) {
  EXPECT_EQ(kept_of({header(0), webp_lossy(), exif(6)}), webp_file({header(0), webp_lossy()}));
}

TEST(WebpStrip, KeepsAnimations) {
  const Chunk first = webp_frame({.chunks = {{"ALPH", "x"}, webp_lossy()}});
  const Chunk second = webp_frame({.width = 2, .height = 2, .chunks = {webp_lossless(2, 2)}});
  const std::vector<Chunk> chunks{header(kAnimation | kIcc), kProfile, kAnim, first, second};
  EXPECT_EQ(kept_of(chunks), webp_file(chunks));
}

TEST(WebpStrip, DropsMetadataOfAnimationsAndWithinTheirFrames) {
  const std::vector<Chunk> image{webp_lossy()};
  const std::vector<Chunk> more{kUnknown,   webp_lossy(), kSecret,
                                kXmpPacket, kProfile,     webp_lossy()};
  EXPECT_EQ(kept_of({header(kAnimation | kXmp), kUnknown, kAnim, webp_frame({.chunks = more}),
                     kUnknown, webp_frame({.chunks = image}), webp_lossy(), kXmpPacket}),
            webp_file({header(kAnimation), kAnim, webp_frame({.chunks = image}),
                       webp_frame({.chunks = image})}));
}

TEST(WebpStrip, CountsNoLongerWhatTheHeaderDidNotCount) {
  const std::string secret = riff_chunk(kSecret);
  EXPECT_EQ(stripped(tiny_webp() + secret), tiny_webp());
}

}  // namespace
}  // namespace photodrop
