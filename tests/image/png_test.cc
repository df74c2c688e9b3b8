#include "image/png.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

const std::string kAccepted = "image/png 16x8";
const std::string kTruncated = "The PNG is truncated: it ends before its IEND chunk.";
const std::string kBadHeader = "The PNG is corrupt: its IHDR chunk makes no sense.";
const std::string kNoPalette = "The PNG is corrupt: its PLTE chunk is missing or follows IDAT.";
const std::string kStrayPalette =
    "The PNG is corrupt: its PLTE chunk is doubled or out of place.";
const std::string kBadPaletteLength =
    "The PNG is corrupt: its PLTE chunk has an impossible length.";

const PngHeader kIndexed{.color_type = 3};

std::string outcome_of_header(const PngHeader& header) {
  return outcome_of(png_file({png_header(header), {"PLTE", "rgb"}, png_pixels(), kPngEnd}));
}

// What becomes of a PNG with these chunks between IHDR and IEND.
std::string outcome_within(std::vector<Chunk> chunks, const PngHeader& header = {}) {
  chunks.insert(chunks.begin(), png_header(header));
  chunks.push_back(kPngEnd);
  return outcome_of(png_file(chunks));
}

TEST(Png, PassesTheDepthsOfEachColourTypeAndNoOthers) {
  const std::map<int, std::set<int>> legal{
      {0, {1, 2, 4, 8, 16}}, {2, {8, 16}}, {3, {1, 2, 4, 8}}, {4, {8, 16}}, {6, {8, 16}}};
  for (int color_type = 0; color_type < 16; ++color_type)
    for (int depth = 0; depth < 40; ++depth) {
      const bool is_legal =
          legal.count(color_type) > 0 && legal.at(color_type).count(depth) > 0;
      EXPECT_EQ(outcome_of_header({.depth = depth, .color_type = color_type}),
                is_legal ? kAccepted : kBadHeader)
          << "type " << color_type << ", " << depth << " bits";
    }
}

TEST(Png, PassesBothInterlaceMethods) {
  EXPECT_EQ(outcome_of_header({.interlace = 1}), kAccepted);
  EXPECT_EQ(outcome_of_header({.interlace = 2}), kBadHeader);
}

TEST(Png, RefusesUnknownMethods) {
  EXPECT_EQ(outcome_of_header({.compression = 1}), kBadHeader);
  EXPECT_EQ(outcome_of_header({.filter = 1}), kBadHeader);
}

TEST(Png, RefusesSizesOfMoreThan31Bits) {
  EXPECT_EQ(outcome_of_header({.width = 0x80000000}), kBadHeader);
  EXPECT_EQ(outcome_of_header({.height = 0xFFFFFFFF}), kBadHeader);
}

TEST(Png, RefusesAHeaderOfTheWrongLength) {
  const std::string data = png_header().data;
  for (const std::string& wrong : {""s, data.substr(1), data + '\0'})
    EXPECT_EQ(outcome_of(png_file({{"IHDR", wrong}, png_pixels(), kPngEnd})), kBadHeader);
}

TEST(Png, RefusesAFileThatDoesNotStartWithItsHeader) {
  EXPECT_EQ(outcome_of(png_file({png_pixels(), png_header(), kPngEnd})),
            "The PNG is corrupt: its first chunk is not IHDR.");
  EXPECT_EQ(outcome_of(png_file({{"CgBI", "\x50\0\x20\x02"s}, png_header(), kPngEnd})),
            "The PNG is corrupt: its first chunk is not IHDR.")
      << "Apple's own dialect, which no browser reads";
}

TEST(Png, RefusesASecondHeader) {
  EXPECT_EQ(outcome_within({png_header(), png_pixels()}),
            "The PNG is corrupt: its IHDR chunk is unknown or out of place.");
}

TEST(Png, NamesTheChunkWhoseChecksumIsWrong) {
  for (const Chunk& chunk : {png_header(), png_pixels(), kPngEnd}) {
    std::string bytes = tiny_png();
    const std::size_t checksum = bytes.find(chunk.name) + 4 + chunk.data.size();
    bytes[checksum + 3] = static_cast<char>(bytes[checksum + 3] ^ 1);
    EXPECT_EQ(outcome_of(bytes),
              "The PNG is corrupt: the checksum of its " + chunk.name + " chunk is wrong.");
  }
}

TEST(Png, ChecksAncillaryChunksToo) {
  std::string bytes =
      png_file({png_header(), {"tEXt", "Title\0Hello"s}, png_pixels(), kPngEnd});
  EXPECT_EQ(outcome_of(bytes), kAccepted);
  bytes[bytes.find("Hello")] = 'J';
  EXPECT_EQ(outcome_of(bytes), "The PNG is corrupt: the checksum of its tEXt chunk is wrong.");
}

TEST(Png, PassesUnknownAncillaryChunksAnywhere) {
  EXPECT_EQ(outcome_within({{"abCd", "x"}, png_pixels(), {"zzZz", ""}}), kAccepted);
}

TEST(Png, RefusesUnknownCriticalChunks) {
  EXPECT_EQ(outcome_within({{"ABCD", "x"}, png_pixels()}),
            "The PNG is corrupt: its ABCD chunk is unknown or out of place.");
}

TEST(Png, RefusesNamesThatAreNotMadeOfLetters) {
  for (const std::string& name :
       {"ab1d"s, "<b>X"s, "ab\0d"s, "abC\xE9"s, "    "s, "a@cd"s, "a[cd"s, "a`cd"s, "a{cd"s})
    EXPECT_EQ(outcome_within({{name, "x"}, png_pixels()}),
              "The PNG is corrupt: a chunk's name is not made of letters.")
        << name;
}

TEST(Png, PassesDataInManyConsecutiveChunks) {
  const std::string data = png_pixels().data;
  EXPECT_EQ(
      outcome_within({{"IDAT", data.substr(0, 9)}, {"IDAT", ""}, {"IDAT", data.substr(9)}}),
      kAccepted);
}

TEST(Png, RefusesDataThatIsInterrupted) {
  const std::string data = png_pixels().data;
  EXPECT_EQ(outcome_within(
                {{"IDAT", data.substr(0, 9)}, {"tEXt", "a\0b"s}, {"IDAT", data.substr(9)}}),
            "The PNG is corrupt: its IDAT chunks are not consecutive.");
}

TEST(Png, RefusesAFileWithoutData) {
  EXPECT_EQ(outcome_within({}), "The PNG is corrupt: it has no IDAT chunk.");
}

TEST(Png, RefusesAnIndexedImageWithoutPalette) {
  EXPECT_EQ(outcome_within({{"PLTE", "rgb"}, png_pixels()}, kIndexed), kAccepted);
  EXPECT_EQ(outcome_within({png_pixels()}, kIndexed), kNoPalette);
  EXPECT_EQ(outcome_within({png_pixels(), {"PLTE", "rgb"}}, kIndexed), kNoPalette);
}

TEST(Png, RefusesAPaletteThatIsDoubledOrLate) {
  EXPECT_EQ(outcome_within({{"PLTE", "rgb"}, {"PLTE", "rgb"}, png_pixels()}), kStrayPalette);
  EXPECT_EQ(outcome_within({png_pixels(), {"PLTE", "rgb"}}), kStrayPalette);
}

TEST(Png, RefusesAPaletteOfImpossibleLength) {
  EXPECT_EQ(outcome_within({{"PLTE", std::string(768, 'x')}, png_pixels()}, kIndexed),
            kAccepted);
  for (const std::size_t size : {0U, 1U, 2U, 4U, 767U, 769U, 771U})
    EXPECT_EQ(outcome_within({{"PLTE", std::string(size, 'x')}, png_pixels()}, kIndexed),
              kBadPaletteLength)
        << size;
}

TEST(Png, RefusesAFileWithoutItsEnd) {
  EXPECT_EQ(outcome_of(png_file({png_header(), png_pixels()})), kTruncated);
}

TEST(Png, RefusesAnEndThatHoldsSomething) {
  EXPECT_EQ(outcome_of(png_file({png_header(), png_pixels(), {"IEND", "x"}})),
            "The PNG is corrupt: its IEND chunk is not empty.");
}

TEST(Png, RefusesChunksOfImpossibleLength) {
  const std::string start = png_file({png_header()});
  EXPECT_EQ(outcome_of(start + "\x80\0\0\0IDAT"s),
            "The PNG is corrupt: a chunk is longer than any may be.");
  EXPECT_EQ(outcome_of(start + "\xFF\xFF\xFF\xFFIDAT"s),
            "The PNG is corrupt: a chunk is longer than any may be.");
  EXPECT_EQ(outcome_of(start + "\x7F\xFF\xFF\xFFIDAT"s), kTruncated);
}

}  // namespace
}  // namespace photodrop
