#include "image/probe.h"

#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

TEST(Probe, TellsFormatAndSizeOfEverySample) {
  for (const SampleImage& sample : sample_images())
    EXPECT_EQ(outcome_of(sample.bytes), std::string(media_type(sample.format)) + " " +
                                            std::to_string(sample.width) + "x" +
                                            std::to_string(sample.height))
        << sample.name;
}

TEST(Probe, HasSamplesFromEncoders) {
  EXPECT_GE(sample_images().size(), 24U);
}

TEST(Probe, TakesOtherFilesForNoImage) {
  const std::string pk_header = "PK\x03\x04\x14\x00\x00\x00"s;
  const std::string heic = "\x00\x00\x00\x18"s + "ftypheic" + std::string(16, '\0');
  const std::string not_riff = "RIFX"s + tiny_webp().substr(4);
  const std::string wave = "RIFF"s + little_endian(36, 4) + "WAVEfmt " + std::string(28, '\0');
  for (const std::string& bytes :
       {""s, "\0"s, "hello, world\n"s, "<!DOCTYPE html><title>GIF89a</title>"s, "%PDF-1.7\n"s,
        pk_header, "BM\x36\x00\x00\x00"s, "II*\0"s, heic, not_riff, wave, "\x7F"s + "ELF"s,
        "<svg xmlns='http://www.w3.org/2000/svg'/>"s, "GIF88a"s + std::string(20, '\0')})
    EXPECT_EQ(outcome_of(bytes), "not an image") << bytes;
}

TEST(Probe, GoesByTheFirstBytesAlone) {
  EXPECT_EQ(outcome_of("\xFF\xD8"), "not an image");
  EXPECT_EQ(outcome_of("\xFF\xD8\xFF"),
            "The JPEG is truncated: it ends before its EOI marker.");
  EXPECT_EQ(outcome_of("\x89PNG\r\n\x1A"), "not an image");
  EXPECT_EQ(outcome_of("\x89PNG\r\n\x1A\n"),
            "The PNG is truncated: it ends before its IEND chunk.");
  EXPECT_EQ(outcome_of("GIF89"), "not an image");
  EXPECT_EQ(outcome_of("GIF89a"), "The GIF is truncated: it ends before its trailer.");
  EXPECT_EQ(outcome_of("RIFF\x14\0\0\0WEB"s), "not an image");
  EXPECT_EQ(outcome_of("RIFF\x14\0\0\0WEBP"s),
            "The WebP is truncated: it is shorter than its RIFF header says.");
}

TEST(Probe, LetsTheBudgetBeUsedUp) {
  EXPECT_EQ(outcome_of(tiny_webp(10000, 5000)), "image/webp 10000x5000");
  EXPECT_EQ(outcome_of(tiny_jpeg(), {.max_pixels = 128}), "image/jpeg 16x8");
  EXPECT_EQ(outcome_of(tiny_jpeg(), {.max_pixels = 127}),
            "The image has 128 pixels; at most 127 are allowed.");
}

TEST(Probe, RefusesSixtyMegapixelsInEveryFormat) {
  const std::string refusal = "The image has 60000000 pixels; at most 50000000 are allowed.";
  const JpegFrame frame{.width = 10000, .height = 6000};
  const PngHeader header{.width = 10000, .height = 6000};
  EXPECT_EQ(outcome_of(kJpegStart + jpeg_frame(frame) + jpeg_scan() + kJpegEnd), refusal);
  EXPECT_EQ(outcome_of(png_file({png_header(header), png_pixels(), kPngEnd})), refusal);
  EXPECT_EQ(outcome_of(gif_screen(10000, 6000) + gif_frame() + kGifTrailer), refusal);
  EXPECT_EQ(outcome_of(gif_screen() + ",\0\0\0\0\x10\x27\x70\x17"s), refusal) << "a frame";
  EXPECT_EQ(outcome_of(tiny_webp(10000, 6000)), refusal);
  EXPECT_EQ(outcome_of(webp_file({webp_lossy(10000, 6000)})), refusal);
  EXPECT_EQ(outcome_of(webp_file({webp_canvas(WebpKind::still, 10000, 6000)})), refusal);
}

TEST(Probe, RefusesTheLargestSizesThatCanBeStated) {
  const auto refusal = [](const std::string& pixels) {
    return "The image has " + pixels + " pixels; at most 50000000 are allowed.";
  };
  EXPECT_EQ(outcome_of(kJpegStart + jpeg_frame({.width = 65000, .height = 65000})),
            refusal("4225000000"));
  EXPECT_EQ(outcome_of(gif_screen(65000, 65000)), refusal("4225000000"));
  const std::uint32_t most = 0x7FFFFFFF;
  EXPECT_EQ(outcome_of(png_file({png_header({.width = most, .height = most})})),
            refusal("4611686014132420609"));
  EXPECT_EQ(outcome_of(webp_file({webp_canvas(WebpKind::still, 1 << 24, 255)})),
            refusal("4278190080"));
}

TEST(Probe, RefusesASizeOfZero) {
  const std::string refusal = "The image is corrupt: its width or its height is 0.";
  EXPECT_EQ(outcome_of(kJpegStart + jpeg_frame({.width = 0})), refusal);
  EXPECT_EQ(outcome_of(kJpegStart + jpeg_frame({.height = 0})), refusal) << "left to DNL";
  EXPECT_EQ(outcome_of(png_file({png_header({.width = 0})})), refusal);
  EXPECT_EQ(outcome_of(png_file({png_header({.height = 0})})), refusal);
  EXPECT_EQ(outcome_of(gif_screen(0, 8) + gif_frame() + kGifTrailer), refusal);
  EXPECT_EQ(outcome_of(gif_screen(16, 0) + gif_frame() + kGifTrailer), refusal);
  EXPECT_EQ(outcome_of(gif_screen() + gif_frame(0, 8) + kGifTrailer), refusal);
  EXPECT_EQ(outcome_of(webp_file({webp_lossy(0, 8)})), refusal);
  EXPECT_EQ(outcome_of(webp_file({webp_lossy(16, 0)})), refusal);
}

TEST(Probe, LeavesOutWhatFollowsTheEndMark) {
  for (const std::string& bytes : {tiny_jpeg(), tiny_png(), tiny_gif(), tiny_webp()})
    for (const std::string& tail : {"ftypmp42"s, "PK\x03\x04"s, "<html>"s, "\0"s, bytes}) {
      const std::string with_tail = bytes + tail;
      const auto image = probe_image(with_tail, {});
      ASSERT_TRUE(image);
      const Pieces kept = image->stripped.pieces();
      EXPECT_EQ(kept.joined(), bytes);
      EXPECT_EQ(kept.first, "") << "copied";
      EXPECT_EQ(kept.second.data(), with_tail.data()) << "copied";
    }
}

TEST(Probe, CopiesNoMoreThanWhatLiesBeforeTheLastThingLeftOut) {
  const std::string scan = std::string(100'000, 'x');
  const std::string exif = jpeg_segment(0xE1, "Exif\0\0private"s);
  const std::string file =
      kJpegStart + exif + jpeg_frame({}) + jpeg_scan() + scan + kJpegEnd + "a ZIP";
  const auto image = probe_image(file, {});
  const Pieces kept = image.value().stripped.pieces();
  EXPECT_EQ(kept.first, kJpegStart);
  EXPECT_EQ(kept.second, jpeg_frame({}) + jpeg_scan() + scan + kJpegEnd);
  EXPECT_EQ(kept.second.data(), file.data() + 2 + exif.size()) << "copied";
}

TEST(MediaTypes, AreTheFourThatBrowsersShow) {
  EXPECT_EQ(media_type(ImageFormat::jpeg), "image/jpeg");
  EXPECT_EQ(media_type(ImageFormat::png), "image/png");
  EXPECT_EQ(media_type(ImageFormat::gif), "image/gif");
  EXPECT_EQ(media_type(ImageFormat::webp), "image/webp");
}

TEST(MediaTypes, AreKnownInAnyCase) {
  for (const char* type : {"image/jpeg", "IMAGE/PNG", "Image/Gif", "image/webp"})
    EXPECT_TRUE(is_image_type(type)) << type;
  for (const char* type : {"", "image", "image/", "image/jpg", "image/svg+xml", "image/png ",
                           "image/png; charset=utf-8", "text/html", "image/jpeg\n"})
    EXPECT_FALSE(is_image_type(type)) << type;
}

}  // namespace
}  // namespace photodrop
