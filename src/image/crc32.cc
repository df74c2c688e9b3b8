#include "image/crc32.h"

#include <array>
#include <cstddef>

namespace photodrop {
namespace {

constexpr std::uint32_t kReflectedPolynomial = 0xEDB88320;
constexpr std::size_t kStep = 8;

// Row 0 is the effect of one byte on the checksum; row n is that of a byte with n zero bytes
// after it, so that the eight bytes of a step are looked up independently of one another.
using Tables = std::array<std::array<std::uint32_t, 256>, kStep>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 1) != 0 ? crc >> 1 ^ kReflectedPolynomial : crc >> 1;
    tables[0][byte] = crc;
  }
  for (std::size_t row = 1; row < kStep; ++row)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[row - 1][byte];
      tables[row][byte] = before >> 8 ^ tables[0][before & 0xFF];
    }
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint32_t octet(char c) {
  return static_cast<unsigned char>(c);
}

std::uint32_t four_bytes(const char* at) {
  return octet(at[0]) | octet(at[1]) << 8 | octet(at[2]) << 16 | octet(at[3]) << 24;
}

std::uint32_t look_up(std::uint32_t word, std::size_t row) {
  return kTables[row + 3][word & 0xFF] ^ kTables[row + 2][word >> 8 & 0xFF] ^
         kTables[row + 1][word >> 16 & 0xFF] ^ kTables[row][word >> 24];
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (; bytes.size() >= kStep; bytes.remove_prefix(kStep))
    crc = look_up(crc ^ four_bytes(bytes.data()), 4) ^ look_up(four_bytes(bytes.data() + 4), 0);
  for (const char c : bytes) crc = crc >> 8 ^ kTables[0][(crc ^ octet(c)) & 0xFF];
  return ~crc;
}

}  // namespace photodrop
