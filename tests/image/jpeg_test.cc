#include "image/jpeg.h"

#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

const std::string kAccepted = "image/jpeg 16x8";
const std::string kTruncated = "The JPEG is truncated: it ends before its EOI marker.";
const std::string kNoData = "The JPEG is corrupt: it holds no image data.";
const std::string kNoMarker = "The JPEG is corrupt: a marker is missing.";
const std::string kStrayMarker =
    "The JPEG is corrupt: it holds a marker that does not belong there.";
const std::string kShortSegment =
    "The JPEG is corrupt: a segment is too short for what it must hold.";
const std::string kBadFrame = "The JPEG is corrupt: its frame header makes no sense.";
const std::string kTwoFrames = "The JPEG is corrupt: it holds more than one frame.";
const std::string kBadScan = "The JPEG is corrupt: a scan header does not fit the frame.";

// What becomes of a JPEG with this between SOI and EOI.
std::string outcome_within(const std::string& body) {
  return outcome_of(kJpegStart + body + kJpegEnd);
}

std::string outcome_of_frame(const JpegFrame& frame) {
  return outcome_within(jpeg_frame(frame) + jpeg_scan());
}

// SOS for that many components, without data.
std::string scan_header(int components) {
  std::string payload = big_endian(static_cast<std::uint32_t>(components), 1);
  for (int id = 1; id <= components; ++id) payload += static_cast<char>(id) + "\0"s;
  return jpeg_segment(0xDA, payload + "\0\x3F\0"s);
}

TEST(Jpeg, PassesEveryProcessOfTheStandard) {
  for (const int marker :
       {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
    EXPECT_EQ(outcome_of_frame({.marker = marker}), kAccepted) << std::hex << marker;
}

TEST(Jpeg, TakesTablesForNoFrame) {
  for (const int marker : {0xC4, 0xCC})
    EXPECT_EQ(outcome_of_frame({.marker = marker}), kBadScan) << std::hex << marker;
  EXPECT_EQ(outcome_of_frame({.marker = 0xC8}), kStrayMarker);
}

TEST(Jpeg, PassesOverTablesApplicationsAndComments) {
  const std::string frame_and_scan = jpeg_frame({}) + jpeg_scan();
  for (const int marker : {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDF, 0xE0, 0xE1, 0xEF, 0xFE}) {
    const std::string segment = jpeg_segment(marker, "\xFF\xD9 in here ends nothing");
    EXPECT_EQ(outcome_within(segment + frame_and_scan), kAccepted) << std::hex << marker;
    EXPECT_EQ(outcome_within(frame_and_scan + segment), kAccepted) << std::hex << marker;
  }
}

TEST(Jpeg, PassesOverFillBytesBeforeAMarker) {
  EXPECT_EQ(outcome_within("\xFF\xFF\xFF" + jpeg_frame({}) + "\xFF" + jpeg_scan() + "\xFF\xFF"),
            kAccepted);
}

TEST(Jpeg, PassesEntropyCodedDataWithStuffingAndRestarts) {
  const std::string data = "abc\xFF\0def\xFF\xD0ghi\xFF\xFF\xD7\xFF\xFF\0\xFF\0"s;
  EXPECT_EQ(outcome_within(jpeg_frame({}) + jpeg_scan() + data), kAccepted);
}

TEST(Jpeg, PassesManyScans) {
  EXPECT_EQ(outcome_within(jpeg_frame({.marker = 0xC2}) + jpeg_scan() + jpeg_scan() +
                           jpeg_tables() + jpeg_scan()),
            kAccepted);
}

TEST(Jpeg, PassesAScanWithoutData) {
  EXPECT_EQ(outcome_within(jpeg_frame({.marker = 0xC9}) + scan_header(1)), kAccepted)
      << "arithmetic coding drops the zero bytes at its end";
}

TEST(Jpeg, PassesOneToFourComponents) {
  for (int components = 1; components <= 4; ++components)
    EXPECT_EQ(outcome_within(jpeg_frame({.components = components}) + scan_header(components)),
              kAccepted);
  EXPECT_EQ(outcome_of_frame({.components = 0}), kBadFrame);
  EXPECT_EQ(outcome_of_frame({.components = 5}), kBadFrame);
}

TEST(Jpeg, ChecksThePrecisionOfEachProcess) {
  EXPECT_EQ(outcome_of_frame({.marker = 0xC0, .precision = 12}), kBadFrame);
  EXPECT_EQ(outcome_of_frame({.marker = 0xC1, .precision = 12}), kAccepted);
  EXPECT_EQ(outcome_of_frame({.marker = 0xC2, .precision = 16}), kBadFrame);
  EXPECT_EQ(outcome_of_frame({.marker = 0xC3, .precision = 2}), kAccepted);
  EXPECT_EQ(outcome_of_frame({.marker = 0xC3, .precision = 16}), kAccepted);
  EXPECT_EQ(outcome_of_frame({.marker = 0xC3, .precision = 1}), kBadFrame);
  EXPECT_EQ(outcome_of_frame({.marker = 0xCB, .precision = 17}), kBadFrame);
}

TEST(Jpeg, RefusesAFrameOfTheWrongLength) {
  const std::string payload = jpeg_frame({}).substr(4);
  for (const std::string& wrong : {payload + '\0', payload.substr(0, payload.size() - 1)})
    EXPECT_EQ(outcome_within(jpeg_segment(0xC0, wrong) + jpeg_scan()), kBadFrame);
  for (std::size_t size = 0; size < 6; ++size)
    EXPECT_EQ(outcome_within(jpeg_segment(0xC0, payload.substr(0, size))), kShortSegment);
}

TEST(Jpeg, RefusesAScanThatDoesNotFitItsFrame) {
  EXPECT_EQ(outcome_within(jpeg_frame({}) + scan_header(0)), kBadScan);
  EXPECT_EQ(outcome_within(jpeg_frame({}) + scan_header(2)), kBadScan);
  EXPECT_EQ(outcome_within(jpeg_frame({}) + jpeg_segment(0xDA, "\1\1\0\0\x3F"s)), kBadScan);
  EXPECT_EQ(outcome_within(jpeg_frame({}) + jpeg_segment(0xDA, "\1\1\0\0\x3F\0\0"s)), kBadScan);
  EXPECT_EQ(outcome_within(jpeg_frame({}) + jpeg_segment(0xDA, "")), kShortSegment);
}

TEST(Jpeg, RefusesAScanBeforeTheFrame) {
  EXPECT_EQ(outcome_within(jpeg_scan() + jpeg_frame({})), kBadScan);
}

TEST(Jpeg, RefusesASecondFrame) {
  EXPECT_EQ(outcome_within(jpeg_frame({}) + jpeg_frame({}) + jpeg_scan()), kTwoFrames);
  EXPECT_EQ(outcome_within(jpeg_frame({}) + jpeg_scan() + jpeg_frame({}) + jpeg_scan()),
            kTwoFrames);
}

TEST(Jpeg, TakesTheSizeOfAHierarchyFromItsFirstSegment) {
  const std::string hierarchy = jpeg_frame({.marker = 0xDE});
  const std::string small = jpeg_frame({.marker = 0xC1, .width = 8, .height = 4});
  const std::string large = jpeg_frame({.marker = 0xC5});
  const std::string expand = jpeg_segment(0xDF, "\x11");
  EXPECT_EQ(outcome_within(hierarchy + small + jpeg_scan() + expand + large + jpeg_scan()),
            kAccepted);
  EXPECT_EQ(outcome_within(hierarchy + small + jpeg_scan()), kAccepted);
  EXPECT_EQ(outcome_within(hierarchy + jpeg_scan()), kBadScan) << "no frame yet";
  EXPECT_EQ(outcome_within(hierarchy + hierarchy + small + jpeg_scan()), kTwoFrames);
  EXPECT_EQ(outcome_within(small + hierarchy + jpeg_scan()), kTwoFrames);
}

TEST(Jpeg, HoldsEveryFrameOfAHierarchyToTheBudget) {
  const JpegFrame too_large{.marker = 0xC1, .width = 10000, .height = 6000};
  EXPECT_EQ(outcome_within(jpeg_frame({.marker = 0xDE}) + jpeg_frame(too_large) + jpeg_scan()),
            "The image has 60000000 pixels; at most 50000000 are allowed.");
}

TEST(Jpeg, RefusesAFileWithoutFrameOrScan) {
  EXPECT_EQ(outcome_within(""), kNoData);
  EXPECT_EQ(outcome_within(jpeg_tables()), kNoData);
  EXPECT_EQ(outcome_within(jpeg_frame({})), kNoData);
}

TEST(Jpeg, RefusesAFileWithoutItsEnd) {
  const std::string whole = kJpegStart + jpeg_frame({}) + jpeg_scan();
  EXPECT_EQ(outcome_of(whole), kTruncated);
  EXPECT_EQ(outcome_of(whole + std::string(1000, 'x')), kTruncated);
  EXPECT_EQ(outcome_of(whole + "\xFF"), kTruncated);
  EXPECT_EQ(outcome_of(whole + "\xFF\0\xD9"s), kTruncated);
}

TEST(Jpeg, DoesNotTakeTheEndOfAnEmbeddedThumbnailForItsOwn) {
  const std::string exif = jpeg_segment(0xE1, "Exif\0\0"s + tiny_jpeg(8, 8));
  EXPECT_EQ(outcome_within(exif + jpeg_frame({}) + jpeg_scan()), kAccepted);
  EXPECT_EQ(outcome_of(kJpegStart + exif + jpeg_frame({})), kTruncated);
}

TEST(Jpeg, RefusesALengthThatDoesNotCountItself) {
  for (const std::string& length : {"\0\0"s, "\0\1"s})
    EXPECT_EQ(outcome_within("\xFF\xE0" + length + jpeg_frame({}) + jpeg_scan()),
              kShortSegment);
  EXPECT_EQ(outcome_within("\xFF\xE0\0\2"s + jpeg_frame({}) + jpeg_scan()), kAccepted);
}

TEST(Jpeg, RefusesALengthBeyondTheEnd) {
  EXPECT_EQ(outcome_within("\xFF\xE0\xFF\xFF" + jpeg_frame({}) + jpeg_scan()), kTruncated);
}

TEST(Jpeg, RefusesStrayBytesBetweenSegments) {
  EXPECT_EQ(outcome_within(jpeg_frame({}) + "x" + jpeg_scan()), kNoMarker);
}

TEST(Jpeg, RefusesMarkersThatDoNotBelong) {
  const std::string frame_and_scan = jpeg_frame({}) + jpeg_scan();
  for (const int marker : {0x01, 0x02, 0xBF, 0xC8, 0xD8, 0xF0, 0xF7, 0xFD}) {
    const std::string segment = jpeg_segment(marker, "");
    EXPECT_EQ(outcome_within(segment + frame_and_scan), kStrayMarker) << std::hex << marker;
    EXPECT_EQ(outcome_within(frame_and_scan + segment), kStrayMarker) << std::hex << marker;
  }
  EXPECT_EQ(outcome_within("\xFF\xD0" + frame_and_scan), kStrayMarker) << "a restart, no scan";
  EXPECT_EQ(outcome_within("\xFF\0"s + frame_and_scan), kStrayMarker) << "stuffing, no scan";
}

}  // namespace
}  // namespace photodrop
