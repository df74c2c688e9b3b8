#include "image/byte_reader.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "base/error.h"

namespace photodrop {
namespace {

ByteReader reader_of(std::string_view bytes) {
  return {bytes, "too short"};
}

bool refuses(std::string_view bytes, const std::function<void(ByteReader&)>& read) {
  ByteReader reader = reader_of(bytes);
  try {
    read(reader);
    return false;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_image);
    EXPECT_EQ(error.detail(), "too short");
    return true;
  }
}

TEST(ByteReader, ReadsIntegersOfBothByteOrders) {
  ByteReader big = reader_of("\x81\x82\x83\x84\x85\x86\x87");
  EXPECT_EQ(big.u8(), 0x81U);
  EXPECT_EQ(big.u16_be(), 0x8283U);
  EXPECT_EQ(big.u32_be(), 0x84858687U);
  EXPECT_TRUE(big.empty());
  ByteReader little = reader_of("\x81\x82\x83\x84\x85\x86\x87\x88\x89");
  EXPECT_EQ(little.u16_le(), 0x8281U);
  EXPECT_EQ(little.u24_le(), 0x858483U);
  EXPECT_EQ(little.u32_le(), 0x89888786U);
  EXPECT_TRUE(little.empty());
}

TEST(ByteReader, TakesSkipsAndCountsWhatRemains) {
  ByteReader reader = reader_of("abcdef");
  EXPECT_EQ(reader.take(2), "ab");
  reader.skip(1);
  EXPECT_EQ(reader.remaining(), 3U);
  reader.skip_to('f');
  EXPECT_EQ(reader.take(1), "f");
  EXPECT_EQ(reader.take(0), "");
}

TEST(ByteReader, StaysOnTheByteThatItSkipsTo) {
  ByteReader reader = reader_of("abb");
  reader.skip_to('b');
  reader.skip_to('b');
  EXPECT_EQ(reader.remaining(), 2U);
}

TEST(ByteReader, RefusesToReadPastTheEnd) {
  EXPECT_TRUE(refuses("abc", [](ByteReader& reader) { reader.take(4); }));
  EXPECT_TRUE(refuses("abc", [](ByteReader& reader) { reader.skip(4); }));
  EXPECT_TRUE(refuses("abc", [](ByteReader& reader) { reader.skip_to('d'); }));
  EXPECT_TRUE(refuses("abc", [](ByteReader& reader) { reader.u32_be(); }));
  EXPECT_TRUE(refuses("abc", [](ByteReader& reader) { reader.u32_le(); }));
  EXPECT_TRUE(refuses("ab", [](ByteReader& reader) { reader.u24_le(); }));
  EXPECT_TRUE(refuses("a", [](ByteReader& reader) { reader.u16_be(); }));
  EXPECT_TRUE(refuses("a", [](ByteReader& reader) { reader.u16_le(); }));
  EXPECT_TRUE(refuses("", [](ByteReader& reader) { reader.u8(); }));
  EXPECT_TRUE(refuses("", [](ByteReader& reader) { reader.skip_to('a'); }));
  EXPECT_FALSE(refuses("abcd", [](ByteReader& reader) { reader.u32_be(); }));
  EXPECT_FALSE(refuses("", [](ByteReader& reader) { reader.take(0); }));
}

TEST(ByteReader, RefusesSizesThatWouldOverflow) {
  EXPECT_TRUE(refuses("abc", [](ByteReader& reader) {
    reader.skip(1);
    reader.take(std::numeric_limits<std::size_t>::max());
  }));
}

}  // namespace
}  // namespace photodrop
