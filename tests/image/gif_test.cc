#include "image/gif.h"

#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

const std::string kAccepted = "image/gif 16x8";
const std::string kTruncated = "The GIF is truncated: it ends before its trailer.";
const std::string kUnknownBlock = "The GIF is corrupt: it holds a block of an unknown kind.";
const std::string kBadCodeSize = "The GIF is corrupt: a frame's LZW code size is impossible.";

// What becomes of a GIF with this between its screen and its trailer.
std::string outcome_within(const std::string& blocks) {
  return outcome_of(gif_screen() + blocks + kGifTrailer);
}

// A frame of 16 × 8 with these flags, and whatever must follow the image descriptor.
std::string frame_with(char flags, const std::string& rest) {
  return ",\0\0\0\0\x10\0\x08\0"s + flags + rest;
}

TEST(Gif, PassesBothVersions) {
  std::string bytes = tiny_gif();
  EXPECT_EQ(outcome_of(bytes), kAccepted);
  bytes[4] = '7';
  EXPECT_EQ(outcome_of(bytes), kAccepted);
}

TEST(Gif, PassesExtensionsOfEveryKind) {
  const std::string control = "!\xF9\x04\x04\x0A\0\0\0"s;
  const std::string loop = "!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"s;
  const std::string comment = "!\xFE\x02;;\x01;\0"s;
  const std::string unknown = "!\x42\0"s;
  EXPECT_EQ(outcome_within(loop + comment + unknown + control + gif_frame() + comment),
            kAccepted);
}

TEST(Gif, PassesManyFrames) {
  EXPECT_EQ(outcome_within(gif_frame() + gif_frame(3, 2) + gif_frame(1, 1)), kAccepted);
}

TEST(Gif, PassesAFrameThatReachesOverTheScreen) {
  EXPECT_EQ(outcome_within(gif_frame(20, 20)), kAccepted);
}

TEST(Gif, PassesAScreenWithoutColourTable) {
  const std::string screen = "GIF89a\x10\0\x08\0\0\0\0"s;
  EXPECT_EQ(outcome_of(screen + gif_frame() + kGifTrailer), kAccepted);
}

TEST(Gif, SkipsColourTablesOfEverySize) {
  for (int bits = 0; bits < 8; ++bits) {
    const char flags = static_cast<char>(0x80 | bits);
    const std::string table(std::size_t{3} << (bits + 1), ';');
    const std::string screen = "GIF89a\x10\0\x08\0"s + flags + "\0\0"s + table;
    EXPECT_EQ(outcome_of(screen + gif_frame() + kGifTrailer), kAccepted) << bits;
    EXPECT_EQ(outcome_of(screen), kTruncated) << bits;
    EXPECT_EQ(outcome_within(frame_with(flags, table + "\x02\x01\x44\0"s)), kAccepted) << bits;
    EXPECT_EQ(outcome_of(gif_screen() + frame_with(flags, table)), kTruncated) << bits;
  }
}

TEST(Gif, ChecksTheCodeSizeOfEachFrame) {
  for (int size = 0; size < 256; ++size) {
    const std::string frame = frame_with('\0', static_cast<char>(size) + "\x01\x44\0"s);
    EXPECT_EQ(outcome_within(gif_frame() + frame),
              size >= 2 && size <= 11 ? kAccepted : kBadCodeSize)
        << size;
  }
}

TEST(Gif, FollowsSubBlocksToTheirTerminator) {
  const std::string full = "\xFF" + std::string(255, ';');
  EXPECT_EQ(outcome_within(frame_with('\0', "\x02" + full + full + "\x01;\0"s)), kAccepted);
  EXPECT_EQ(outcome_within(frame_with('\0', "\x02" + full + full + "\x02;")), kTruncated);
}

TEST(Gif, RefusesAFileWithoutTrailer) {
  EXPECT_EQ(outcome_of(gif_screen()), kTruncated);
  EXPECT_EQ(outcome_of(gif_screen() + gif_frame()), kTruncated);
}

TEST(Gif, RefusesAFileWithoutImage) {
  EXPECT_EQ(outcome_within(""), "The GIF is corrupt: it holds no image.");
  EXPECT_EQ(outcome_within("!\xFE\x02hi\0"s), "The GIF is corrupt: it holds no image.");
}

TEST(Gif, RefusesUnknownBlocks) {
  for (const char block : {'\0', 'x', '\xFF'}) {
    EXPECT_EQ(outcome_within(block + gif_frame()), kUnknownBlock);
    EXPECT_EQ(outcome_within(gif_frame() + block), kUnknownBlock);
  }
}

}  // namespace
}  // namespace photodrop
