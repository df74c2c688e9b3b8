// What of a JPEG's segments is kept.
#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

constexpr int kApp0 = 0xE0, kApp1 = 0xE1, kApp2 = 0xE2, kApp14 = 0xEE, kComment = 0xFE;

const std::string kPicture = jpeg_tables() + jpeg_frame({}) + jpeg_scan();

// What is kept of that between SOI and EOI.
std::string kept_of(const std::string& body) {
  const std::string kept = stripped(kJpegStart + body + kJpegEnd);
  EXPECT_EQ(stripped(kept), kept) << "a second time";
  return kept.substr(2, kept.size() - 4);
}

// What is kept of a segment before the picture.
std::string kept_of_segment(int marker, const std::string& data) {
  const std::string kept = kept_of(jpeg_segment(marker, data) + kPicture);
  EXPECT_TRUE(kept.ends_with(kPicture));
  return kept.substr(0, kept.size() - kPicture.size());
}

std::string exif_segment(int orientation, ByteOrder order = ByteOrder::big) {
  return jpeg_segment(kApp1, "Exif\0\0"s + exif_block(orientation, order));
}

std::string jfif(const std::string& thumbnail_size) {
  return "JFIF\0\x01\x02\x01\0\x48\0\x48"s + thumbnail_size;
}

TEST(JpegStrip, KeepsAllThatDecodesThePicture) {
  std::string tables;
  for (const int marker : {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDF}) {
    tables += jpeg_segment(marker, "a table");
    EXPECT_EQ(kept_of(tables + kPicture), tables + kPicture) << std::hex << marker;
    EXPECT_EQ(kept_of(kPicture + tables), kPicture + tables) << std::hex << marker;
  }
}

TEST(JpegStrip, KeepsFillBytesStuffingAndRestarts) {
  const std::string data = "abc\xFF\0def\xFF\xD0ghi\xFF\xFF\xD7\xFF\xFF\0\xFF\0"s;
  const std::string body = "\xFF\xFF" + kPicture + data + "\xFF" + jpeg_scan() + "\xFF\xFF";
  EXPECT_EQ(kept_of(body), body);
}

TEST(JpegStrip, DropsCommentsAndWhatItDoesNotKnowOfApplications) {
  for (int marker = kApp0; marker <= 0xEF; ++marker)
    for (const char* data :
         {"", "x", "private", "Photoshop 3.0", "JFXX", "MPF", "FPXR", "HTTP"})
      EXPECT_EQ(kept_of_segment(marker, data + "\0and more"s), "") << marker << data;
  EXPECT_EQ(kept_of_segment(kComment, "private"), "");
  EXPECT_EQ(kept_of_segment(kApp1, "http://ns.adobe.com/xap/1.0/\0<x/>"s), "");
  EXPECT_EQ(kept_of_segment(kApp1, "http://ns.adobe.com/xmp/extension/\0more"s), "");
}

TEST(JpegStrip, DropsMetadataWhereverTheyAre) {
  const std::string xmp = jpeg_segment(kApp1, "http://ns.adobe.com/xap/1.0/\0<x/>"s);
  const std::string comment = jpeg_segment(kComment, "private");
  const std::string frame = jpeg_tables() + jpeg_frame({.marker = 0xC2});
  EXPECT_EQ(kept_of(frame + xmp + jpeg_scan() + comment + "\xFF" + xmp + jpeg_scan() + comment),
            frame + jpeg_scan() + jpeg_scan());
}

TEST(JpegStrip, KeepsJfifWithoutItsThumbnail) {
  const std::string bare = jpeg_segment(kApp0, jfif("\0\0"s));
  EXPECT_EQ(kept_of_segment(kApp0, jfif("\0\0"s)), bare);
  EXPECT_EQ(kept_of_segment(kApp0, jfif("\x02\x01rgbrgb")), bare);
  EXPECT_EQ(kept_of_segment(kApp0, jfif("\0\0hidden"s)), bare);
  EXPECT_EQ(kept_of_segment(kApp0, jfif("\x02\x01")), bare) << "a size and no thumbnail";
  EXPECT_EQ(kept_of_segment(kApp0, jfif("\0"s)), "") << "too short";
  EXPECT_EQ(kept_of_segment(kApp1, jfif("\0\0"s)), "");
}

TEST(JpegStrip, KeepsTheWholeProfile) {
  const std::string profile = jpeg_segment(kApp2, "ICC_PROFILE\0\x01\x02one"s) +
                              jpeg_segment(0xE2, "ICC_PROFILE\0\x02\x02two"s);
  EXPECT_EQ(kept_of(profile + kPicture), profile + kPicture);
  EXPECT_EQ(kept_of_segment(kApp1, "ICC_PROFILE\0\x01\x01one"s), "");
}

TEST(JpegStrip, KeepsTheTwelveBytesOfAdobe) {
  const std::string adobe = "Adobe\0\x64\0\0\0\0\x02"s;
  EXPECT_EQ(kept_of_segment(kApp14, adobe), jpeg_segment(kApp14, adobe));
  EXPECT_EQ(kept_of_segment(kApp14, adobe + "hidden"), jpeg_segment(kApp14, adobe));
  EXPECT_EQ(kept_of_segment(kApp14, adobe.substr(0, 11)), "");
  EXPECT_EQ(kept_of_segment(0xED, adobe), "");
}

TEST(JpegStrip, KeepsTheOrientationAlone) {
  for (int orientation = 2; orientation <= 8; ++orientation) {
    const std::string bare = exif_segment(orientation);
    EXPECT_EQ(kept_of(bare + kPicture), bare + kPicture);
    EXPECT_EQ(kept_of(exif_segment(orientation, ByteOrder::little) + kPicture),
              bare + kPicture);
    EXPECT_EQ(kept_of_segment(kApp1, "Exif\0\0"s + exif_block(orientation, ByteOrder::big) +
                                         "GPS and a thumbnail"),
              bare);
  }
}

TEST(JpegStrip, DropsExifThatTurnsNothing) {
  EXPECT_EQ(kept_of(exif_segment(1) + kPicture), kPicture);
  EXPECT_EQ(kept_of(exif_segment(9) + kPicture), kPicture);
  EXPECT_EQ(kept_of_segment(kApp1, "Exif\0\0"s), "");
  EXPECT_EQ(kept_of_segment(kApp1, "Exif\0\0MM\0*\xFF\xFF\xFF\xFF"s), "");
}

TEST(JpegStrip, GoesByTheFirstOrientation) {
  EXPECT_EQ(kept_of(exif_segment(6) + exif_segment(8) + kPicture), exif_segment(6) + kPicture);
  EXPECT_EQ(kept_of(exif_segment(1) + exif_segment(8) + kPicture), kPicture);
}

TEST(JpegStrip, LeavesOutTheFillBytesOfWhatItShortens) {
  EXPECT_EQ(kept_of("\xFF\xFF" + exif_segment(6, ByteOrder::little) + kPicture),
            exif_segment(6) + kPicture);
  EXPECT_EQ(kept_of("\xFF\xFF" + exif_segment(6) + kPicture),
            "\xFF\xFF" + exif_segment(6) + kPicture);
}

}  // namespace
}  // namespace photodrop
