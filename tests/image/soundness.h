// What must hold of any bytes at all that are taken for an image: for tests that damage
// samples.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "image/byte_reader.h"
#include "image/crc32.h"
#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {

// What is kept of an image is the same image, and all of that is kept. It is no longer, but for
// an Exif block that had no offset after its only directory.
inline void expect_same_is_kept(std::string_view image, const std::string& outcome) {
  const std::string kept = stripped(image);
  EXPECT_LE(kept.size(), image.size() + 4);
  EXPECT_EQ(outcome_of(kept), outcome);
  EXPECT_EQ(stripped(kept), kept);
}

// The bytes are an image of which the above is true, or refused with a sentence, or none.
inline void expect_sound(std::string_view bytes) {
  const std::string outcome = outcome_of(bytes, {.max_pixels = 1'000'000});
  if (is_accepted(outcome)) return expect_same_is_kept(bytes, outcome);
  EXPECT_TRUE(outcome == "not an image" ||
              (outcome.rfind("The ", 0) == 0 && outcome.back() == '.'))
      << outcome;
}

// The same PNG with right checksums. One that was damaged would be refused for its first
// checksum, and the rest not looked at.
inline std::string with_mended_checksums(std::string png) {
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::string_view chunk = std::string_view(png).substr(at);
    const std::uint64_t size = ByteReader(chunk, "").u32_be();
    if (size > chunk.size() - 12) break;
    png.replace(at + 8 + size, 4, big_endian(crc32(chunk.substr(4, 4 + size)), 4));
    at += 12 + size;
  }
  return png;
}

}  // namespace photodrop
