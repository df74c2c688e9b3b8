#include "image/exif.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

// Copied to a heap block of exactly its size, so that a sanitizer notices one byte read too
// many.
std::optional<int> orientation_of(const std::string& tiff) {
  const std::vector<char> exact(tiff.begin(), tiff.end());
  return exif_orientation({exact.data(), exact.size()});
}

TEST(Exif, StatesAnOrientationInBothByteOrders) {
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const auto order : {ByteOrder::big, ByteOrder::little})
      EXPECT_EQ(orientation_of(exif_block(orientation, order)), orientation);
}

TEST(Exif, KnowsNoOtherOrientations) {
  for (const int orientation : {0, 9, 255, 256 + 6, 65535})
    for (const auto order : {ByteOrder::big, ByteOrder::little})
      EXPECT_EQ(orientation_of(exif_block(orientation, order)), std::nullopt) << orientation;
}

// A directory at offset 8, as big-endian bytes.
std::string block_with(const std::string& directory) {
  return "MM\0*\0\0\0\x08"s + directory;
}

TEST(Exif, GoesByTheEntryAlone) {
  const std::string tag = "\x01\x12"s;
  const std::string good = tag + "\0\x03\0\0\0\x01\0\x06\0\0"s;
  const std::string other = "\x01\x0F\0\x03\0\0\0\x01\0\x02\0\0"s;
  EXPECT_EQ(orientation_of(block_with("\0\x01"s + good)), 6) << "no offset after the directory";
  EXPECT_EQ(orientation_of(block_with("\0\x02"s + other + good)), 6);
  EXPECT_EQ(orientation_of(block_with("\0\x01"s + other + good)), std::nullopt) << "one entry";
  EXPECT_EQ(orientation_of(block_with("\xFF\xFF" + other + good)), 6) << "65535 entries";
  EXPECT_EQ(orientation_of(block_with("\0\x01"s + tag + "\0\x04\0\0\0\x01\0\x06\0\0"s)),
            std::nullopt)
      << "of 32 bits";
  EXPECT_EQ(orientation_of(block_with("\0\x01"s + tag + "\0\x03\0\0\0\x02\0\x06\0\0"s)),
            std::nullopt)
      << "two of them";
}

TEST(Exif, OfNoSenseStatesNothing) {
  const std::string block = exif_block(6, ByteOrder::big);
  for (const char* order : {"II*\0", "MI*\0", "MM*\0", "MM\0+", "\0\0\0\0"})
    EXPECT_EQ(orientation_of(std::string(order, 4) + block.substr(4)), std::nullopt);
  for (const std::uint32_t offset : {0U, 7U, 9U, 24U, 25U, 26U, 27U, 0x7FFFFFFFU, 0xFFFFFFFFU})
    EXPECT_EQ(orientation_of("MM\0*"s + big_endian(offset, 4) + block.substr(8)), std::nullopt)
        << offset;
  for (std::size_t size = 0; size < 22; ++size)
    EXPECT_EQ(orientation_of(block.substr(0, size)), std::nullopt) << size;
}

TEST(ExifReducer, KeepsWhatTurnsThePictureAndNoMore) {
  for (int orientation = 2; orientation <= 8; ++orientation) {
    const std::string bare = ExifReducer().reduce(exif_block(orientation, ByteOrder::little));
    EXPECT_EQ(bare, exif_block(orientation, ByteOrder::big));
    EXPECT_EQ(ExifReducer().reduce(bare + "and more"), bare);
  }
  EXPECT_EQ(ExifReducer().reduce(exif_block(1, ByteOrder::big)), "");
  EXPECT_EQ(ExifReducer().reduce("odd"), "");
}

TEST(ExifReducer, GoesByTheFirstBlockThatStatesOne) {
  ExifReducer upright;
  EXPECT_EQ(upright.reduce(exif_block(1, ByteOrder::big)), "");
  EXPECT_EQ(upright.reduce(exif_block(6, ByteOrder::big)), "");
  ExifReducer turned;
  EXPECT_EQ(turned.reduce("odd"), "");
  EXPECT_EQ(turned.reduce(exif_block(6, ByteOrder::big)), exif_block(6, ByteOrder::big));
  EXPECT_EQ(turned.reduce(exif_block(6, ByteOrder::big)), "");
}

}  // namespace
}  // namespace photodrop
