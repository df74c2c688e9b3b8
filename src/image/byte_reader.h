// Reads bytes from front to back and never past their end.
//
// The one place where the walks touch memory: every read checks what is left first, and
// compares sizes without adding them up, so no declared length can overflow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "image/check.h"

namespace photodrop {

class ByteReader {
 public:
  // Refuses the image with the sentence `when_short`, a string literal, as soon as a read asks
  // for more than is left. `bytes` must outlive the reader and the views it hands out.
  ByteReader(std::string_view bytes, const char* when_short)
      : bytes_(bytes), when_short_(when_short) {}

  std::size_t remaining() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  // All that is left, and what was read since that was `earlier`.
  std::string_view rest() const { return bytes_; }
  std::string_view read_since(std::string_view earlier) const {
    return earlier.substr(0, earlier.size() - bytes_.size());
  }

  // The next `count` bytes.
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) refuse(when_short_);
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  void skip(std::size_t count) { take(count); }

  // Moves up to, not past, the next byte of this value.
  void skip_to(char value) {
    const std::size_t position = bytes_.find(value);
    skip(position == std::string_view::npos ? bytes_.size() + 1 : position);
  }

  // Unsigned integers of 8 to 32 bits, most significant byte first (be) or last (le).
  std::uint32_t u8() { return big_endian(1); }
  std::uint32_t u16_be() { return big_endian(2); }
  std::uint32_t u32_be() { return big_endian(4); }
  std::uint32_t u16_le() { return little_endian(2); }
  std::uint32_t u24_le() { return little_endian(3); }
  std::uint32_t u32_le() { return little_endian(4); }

 private:
  std::uint32_t big_endian(std::size_t count) {
    std::uint32_t value = 0;
    for (const char c : take(count)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }

  std::uint32_t little_endian(std::size_t count) {
    std::uint32_t value = 0;
    std::uint32_t shift = 0;
    for (const char c : take(count)) {
      value |= std::uint32_t{static_cast<unsigned char>(c)} << shift;
      shift += 8;
    }
    return value;
  }

  std::string_view bytes_;
  const char* when_short_;
};

}  // namespace photodrop
