#include "image/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace photodrop {
namespace {

TEST(Crc32, GivesTheCheckValueOfTheCatalogues) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
}

TEST(Crc32, IsZeroForNothing) {
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Crc32, IsThatOfEveryPngsEnd) {
  EXPECT_EQ(crc32("IEND"), 0xAE426082U);
}

// The loop takes eight bytes a step: every length around that, at every alignment.
TEST(Crc32, AgreesWithTheDefinitionForEveryLength) {
  std::string bytes;
  for (int i = 0; i < 48; ++i) bytes += static_cast<char>(i * 37 + 200);
  for (std::size_t start = 0; start < 8; ++start) {
    std::uint32_t state = 0xFFFFFFFF;
    for (std::size_t size = 0; start + size < bytes.size(); ++size) {
      EXPECT_EQ(crc32(std::string_view(bytes).substr(start, size)), ~state)
          << start << "+" << size;
      state ^= static_cast<unsigned char>(bytes[start + size]);
      for (int bit = 0; bit < 8; ++bit)
        state = (state & 1) != 0 ? state >> 1 ^ 0xEDB88320 : state >> 1;
    }
  }
}

}  // namespace
}  // namespace photodrop
