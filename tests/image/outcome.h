// What probe_image makes of some bytes, as one string, so that a test is one line, and what it
// keeps of them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "image/probe.h"

namespace photodrop {

// "image/png 16x8" for an image, "not an image", or the sentence it was refused with. Anything
// but an Error{invalid_image} fails the test. The bytes are copied to a heap block of exactly
// their size, so that a sanitizer notices one byte read too many.
inline std::string outcome_of(std::string_view bytes, const ImageLimits& limits = {}) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  try {
    const auto image = probe_image({exact.data(), exact.size()}, limits);
    if (!image) return "not an image";
    return std::string(media_type(image->format)) + " " + std::to_string(image->width) + "x" +
           std::to_string(image->height);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_image);
    return error.detail();
  }
}

// What is kept of an image. Bytes that are none fail the test.
inline std::string stripped(std::string_view bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  try {
    const auto image = probe_image({exact.data(), exact.size()}, {});
    if (image) return image->stripped.pieces().joined();
    ADD_FAILURE() << "not an image";
  } catch (const Error& error) {
    ADD_FAILURE() << error.detail();
  }
  return {};
}

// True when the outcome is an image.
inline bool is_accepted(const std::string& outcome) {
  return outcome.rfind("image/", 0) == 0;
}

}  // namespace photodrop
