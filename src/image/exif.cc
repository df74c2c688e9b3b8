#include "image/exif.h"

#include <cstddef>
#include <cstdint>

namespace photodrop {
namespace {

constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kEntrySize = 12;
constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::uint32_t kShort = 3;  // a type: 16 bits, unsigned
constexpr int kUpright = 1, kLastOrientation = 8;

// Reads the integers of a block in its own byte order.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes)
      : bytes_(bytes), big_endian_(bytes.substr(0, 4) == std::string_view("MM\0*", 4)) {}

  bool is_sound() const {
    return bytes_.size() >= kHeaderSize &&
           (big_endian_ || bytes_.substr(0, 4) == std::string_view("II*\0", 4));
  }

  // The entries of the first directory, as many of them as there are.
  std::string_view entries() const {
    const std::size_t at = number(bytes_.substr(4, 4));
    if (at < kHeaderSize || at > bytes_.size() || bytes_.size() - at < 2) return {};
    return bytes_.substr(at + 2, kEntrySize * number(bytes_.substr(at, 2)));
  }

  std::uint32_t number(std::string_view bytes) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const char next = big_endian_ ? bytes[i] : bytes[bytes.size() - 1 - i];
      value = value << 8 | static_cast<unsigned char>(next);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

// Of a big-endian block: one directory with one entry, and no other directory after it.
std::string block_of(int orientation) {
  std::string block("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0?\0\0\0\0\0\0", 26);
  block[19] = static_cast<char>(orientation);
  return block;
}

}  // namespace

std::optional<int> exif_orientation(std::string_view tiff) {
  const Tiff block(tiff);
  if (!block.is_sound()) return std::nullopt;
  std::string_view entries = block.entries();
  for (; entries.size() >= kEntrySize; entries.remove_prefix(kEntrySize)) {
    if (block.number(entries.substr(0, 2)) != kOrientation) continue;
    const std::uint32_t type = block.number(entries.substr(2, 2));
    const std::uint32_t count = block.number(entries.substr(4, 4));
    const auto value = static_cast<int>(block.number(entries.substr(8, 2)));
    if (type == kShort && count == 1 && value >= kUpright && value <= kLastOrientation)
      return value;
  }
  return std::nullopt;
}

std::string ExifReducer::reduce(std::string_view tiff) {
  if (decided_) return {};
  const std::optional<int> orientation = exif_orientation(tiff);
  decided_ = orientation.has_value();
  return orientation.value_or(kUpright) == kUpright ? std::string() : block_of(*orientation);
}

}  // namespace photodrop
