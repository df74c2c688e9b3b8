#include "image/webp.h"

#include <gtest/gtest.h>

#include <limits>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

const std::string kAccepted = "image/webp 16x8";
const std::string kTruncated =
    "The WebP is truncated: it is shorter than its RIFF header says.";
const std::string kOverrun = "The WebP is corrupt: a chunk reaches beyond what it is in.";
const std::string kShortChunk =
    "The WebP is corrupt: a chunk is too short for what it must hold.";
const std::string kNoImage = "The WebP is corrupt: it lacks the data of an image.";
const std::string kWrongSize =
    "The WebP is corrupt: its image has not the size that its header states.";
const std::string kBadFirstChunk =
    "The WebP is corrupt: its first chunk is neither an image nor VP8X.";
const std::string kBadVp8 =
    "The WebP is corrupt: its VP8 data does not start with a key frame.";
const std::string kBadVp8l =
    "The WebP is corrupt: its VP8L data does not start with its signature.";

const Chunk kAnim{"ANIM", std::string(6, '\0')};

std::string outcome_of_chunks(const std::vector<Chunk>& chunks) {
  return outcome_of(webp_file(chunks));
}

// The outcome of a single chunk with one byte of its data set to `value`.
std::string outcome_with_byte(Chunk chunk, std::size_t at, int value) {
  chunk.data[at] = static_cast<char>(value);
  return outcome_of_chunks({chunk});
}

// A whole file of `chunks` and the bytes `rest`, with the RIFF header counting both.
std::string with_rest(const std::vector<Chunk>& chunks, const std::string& rest) {
  return riff_chunk({"RIFF", webp_file(chunks).substr(8) + rest});
}

TEST(Webp, PassesTheTwoSimpleFormats) {
  EXPECT_EQ(outcome_of_chunks({webp_lossy()}), kAccepted);
  EXPECT_EQ(outcome_of_chunks({webp_lossless()}), kAccepted);
}

TEST(Webp, ReadsSizesUpToFourteenBits) {
  EXPECT_EQ(outcome_of_chunks({webp_lossless(1, 16384)}), "image/webp 1x16384");
  EXPECT_EQ(outcome_of_chunks({webp_lossless(16384, 1)}), "image/webp 16384x1");
  EXPECT_EQ(outcome_of_chunks({webp_lossy(1, 16383)}), "image/webp 1x16383");
  EXPECT_EQ(outcome_of_chunks({webp_lossy(16 | 0x4000, 8 | 0xC000)}), kAccepted) << "scaling";
}

TEST(Webp, PassesChunksAfterTheImage) {
  EXPECT_EQ(outcome_of_chunks({webp_lossy(), {"EXIF", "ab"}, {"junk", ""}}), kAccepted);
  EXPECT_EQ(outcome_of_chunks({webp_lossy(), webp_lossless(3, 3)}), kAccepted)
      << "the first image counts";
}

TEST(Webp, PadsOddChunks) {
  const Chunk odd{"EXIF", "abc"};
  EXPECT_EQ(outcome_of_chunks({webp_lossy(), odd, {"XMP ", "x"}}), kAccepted);
  std::string padding_left_out = riff_chunk(odd);
  padding_left_out.pop_back();
  EXPECT_EQ(outcome_of("RIFF"s + little_endian(4 + 18 + 11, 4) + "WEBP" +
                       riff_chunk(webp_lossy()) + padding_left_out),
            kOverrun);
}

TEST(Webp, RefusesAFileShorterThanItsHeaderSays) {
  const std::string whole = tiny_webp();
  EXPECT_EQ(outcome_of(whole.substr(0, whole.size() - 1)), kTruncated);
  for (const char* size : {"\xFF\xFF\xFF\xFF", "\xFF\xFF\xFF\x7F", "\x15\0\0\0"})
    EXPECT_EQ(outcome_of("RIFF" + std::string(size, 4) + whole.substr(8)), kTruncated);
}

TEST(Webp, RefusesAHeaderTooSmallForAnImage) {
  const std::string whole = tiny_webp();
  for (std::uint32_t size = 0; size < 20; ++size)
    EXPECT_EQ(outcome_of("RIFF" + little_endian(size, 4) + whole.substr(8)), kOverrun) << size;
}

TEST(Webp, RefusesChunksThatReachBeyondTheFile) {
  EXPECT_EQ(outcome_of(with_rest({webp_lossy()}, "EXIF\xFF\xFF\xFF\xFFxx")), kOverrun);
  EXPECT_EQ(outcome_of(with_rest({webp_lossy()}, "EXIF\4\0\0\0xx"s)), kOverrun);
  EXPECT_EQ(outcome_of(with_rest({webp_lossy()}, "EXIF\0\0"s)), kOverrun);
}

TEST(Webp, RefusesAnotherFirstChunk) {
  EXPECT_EQ(outcome_of_chunks({{"ALPH", "ab"}, webp_lossy()}), kBadFirstChunk);
  EXPECT_EQ(outcome_of_chunks({kAnim, webp_frame({.chunks = {webp_lossy()}})}), kBadFirstChunk);
}

TEST(Webp, ChecksTheStartOfLossyData) {
  EXPECT_EQ(outcome_with_byte(webp_lossy(), 0, 0x11), kBadVp8) << "not a key frame";
  for (const std::size_t at : {3U, 4U, 5U})
    EXPECT_EQ(outcome_with_byte(webp_lossy(), at, 0), kBadVp8) << at;
  EXPECT_EQ(outcome_with_byte(webp_lossy(), 0, 0x30), kShortChunk) << "a partition of one byte";
  for (std::size_t size = 0; size < 10; ++size)
    EXPECT_EQ(outcome_of_chunks({{"VP8 ", webp_lossy().data.substr(0, size)}}), kShortChunk);
}

TEST(Webp, ChecksTheStartOfLosslessData) {
  EXPECT_EQ(outcome_with_byte(webp_lossless(), 0, 0x2E), kBadVp8l);
  EXPECT_EQ(outcome_with_byte(webp_lossless(), 4, 0x20), kBadVp8l) << "version 1";
  EXPECT_EQ(outcome_with_byte(webp_lossless(), 4, 0x10), kAccepted) << "alpha is used";
  for (std::size_t size = 0; size < 5; ++size)
    EXPECT_EQ(outcome_of_chunks({{"VP8L", webp_lossless().data.substr(0, size)}}), kShortChunk);
}

TEST(WebpExtended, PassesAStillWithAllItsCompany) {
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::still),
                               {"ICCP", "abc"},
                               {"ALPH", "x"},
                               webp_lossy(),
                               {"EXIF", "abcd"},
                               {"XMP ", "<x/>"},
                               {"what", "?"}}),
            kAccepted);
}

TEST(WebpExtended, RefusesAStillWithoutImage) {
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::still), {"ALPH", "x"}}), kNoImage);
  const Chunk frame = webp_frame({.chunks = {webp_lossy()}});
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::still), kAnim, frame}), kNoImage);
}

TEST(WebpExtended, RefusesAStillOfAnotherSizeThanTheCanvas) {
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::still), webp_lossy(16, 9)}), kWrongSize);
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::still), webp_lossless(15, 8)}),
            kWrongSize);
}

TEST(WebpExtended, RefusesAShortHeader) {
  for (std::size_t size = 0; size < 10; ++size)
    EXPECT_EQ(outcome_of_chunks(
                  {{"VP8X", webp_canvas(WebpKind::still).data.substr(0, size)}, webp_lossy()}),
              kShortChunk)
        << size;
}

TEST(WebpExtended, RefusesACanvasOfMoreThan32Bits) {
  const auto outcome = [](std::uint32_t height) {
    return outcome_of(webp_file({webp_canvas(WebpKind::still, 1 << 24, height)}),
                      {.max_pixels = std::numeric_limits<std::int64_t>::max()});
  };
  const std::string too_large = "The WebP is corrupt: its canvas is larger than any may be.";
  EXPECT_EQ(outcome(256), too_large);
  EXPECT_EQ(outcome(1 << 24), too_large);
  EXPECT_EQ(outcome(255), kNoImage);
}

std::string outcome_of_frame(const WebpFrame& frame) {
  return outcome_of_chunks({webp_canvas(WebpKind::animated), kAnim, webp_frame(frame)});
}

TEST(WebpAnimation, PassesFramesOfBothKindsWithinTheCanvas) {
  const WebpFrame first{.chunks = {{"ALPH", "x"}, webp_lossy()}};
  const WebpFrame corner{
      .x = 14, .y = 6, .width = 2, .height = 2, .chunks = {webp_lossless(2, 2), {"what", "?"}}};
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::animated),
                               kAnim,
                               webp_frame(first),
                               webp_frame(corner),
                               {"EXIF", "abc"}}),
            kAccepted);
}

TEST(WebpAnimation, RefusesFramesOutsideTheCanvas) {
  const std::string refusal = "The WebP is corrupt: a frame reaches beyond the canvas.";
  EXPECT_EQ(outcome_of_frame({.x = 2, .chunks = {webp_lossy()}}), refusal);
  EXPECT_EQ(outcome_of_frame({.y = 2, .chunks = {webp_lossy()}}), refusal);
  EXPECT_EQ(outcome_of_frame({.x = 14, .width = 4, .chunks = {webp_lossy(4, 8)}}), refusal);
  EXPECT_EQ(outcome_of_frame({.y = 6, .height = 4, .chunks = {webp_lossy(16, 4)}}), refusal);
  EXPECT_EQ(outcome_of_frame({.x = 0x1FFFFFE, .y = 0x1FFFFFE, .width = 1 << 24}), refusal);
}

TEST(WebpAnimation, RefusesFramesWithoutImageOrOfAnotherSize) {
  EXPECT_EQ(outcome_of_frame({}), kNoImage);
  EXPECT_EQ(outcome_of_frame({.chunks = {{"ALPH", "x"}}}), kNoImage);
  EXPECT_EQ(outcome_of_frame({.chunks = {webp_lossy(8, 8)}}), kWrongSize);
}

TEST(WebpAnimation, RefusesChunksThatReachBeyondTheirFrame) {
  Chunk frame = webp_frame({.chunks = {webp_lossy()}});
  frame.data += "what\xFF\0\0\0"s;
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::animated), kAnim, frame}), kOverrun);
  for (std::size_t size = 0; size < 16; ++size) {
    const Chunk cut{"ANMF", frame.data.substr(0, size)};
    EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::animated), kAnim, cut}), kShortChunk);
  }
}

TEST(WebpAnimation, RefusesAFrameBeforeTheParameters) {
  const Chunk frame = webp_frame({.chunks = {webp_lossy()}});
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::animated), frame, kAnim}),
            "The WebP is corrupt: it has a frame before its ANIM chunk.");
}

TEST(WebpAnimation, RefusesAnAnimationWithoutFrames) {
  EXPECT_EQ(outcome_of_chunks({webp_canvas(WebpKind::animated), kAnim, webp_lossy()}),
            "The WebP is corrupt: its animation has no frame.");
}

}  // namespace
}  // namespace photodrop
