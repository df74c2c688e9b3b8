// What of a GIF's blocks is kept.
#include <gtest/gtest.h>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

const std::string kControl = "!\xF9\x04\x04\x0A\0\0\0"s;
const std::string kComment = "!\xFE\x02;;\x01;\0"s;

// What is kept of this between the screen and the trailer.
std::string kept_of(const std::string& blocks) {
  const std::string kept = stripped(gif_screen() + blocks + kGifTrailer);
  EXPECT_EQ(stripped(kept), kept) << "a second time";
  const std::size_t start = gif_screen().size();
  return kept.substr(start, kept.size() - start - 1);
}

// An application's extension with one sub-block of data.
std::string application(const std::string& identifier) {
  return "!\xFF" + big_endian(static_cast<std::uint32_t>(identifier.size()), 1) + identifier +
         "\x03\x01\0\0\0"s;
}

TEST(GifStrip, KeepsFramesAndTheirTimes) {
  const std::string blocks = kControl + gif_frame() + kControl + gif_frame(3, 2) + gif_frame();
  EXPECT_EQ(kept_of(blocks), blocks);
}

TEST(GifStrip, KeepsLoopsAndProfile) {
  for (const char* identifier : {"NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"}) {
    const std::string blocks = application(identifier) + kControl + gif_frame();
    EXPECT_EQ(kept_of(blocks), blocks) << identifier;
  }
}

TEST(GifStrip, DropsWhatOtherApplicationsLeft) {
  for (const char* identifier : {"XMP DataXMP", "MGK8BIM0000", "MGKIPTC0000", "NETSCAPE2.",
                                 "NETSCAPE2.0X", "netscape2.0"})
    EXPECT_EQ(kept_of(application(identifier) + gif_frame() + application(identifier)),
              gif_frame())
        << identifier;
}

TEST(GifStrip, DropsCommentsPlainTextAndUnknownExtensions) {
  const std::string text = "!\x01\x0C" + std::string(12, '\0') + "\x07private\0"s;
  for (const std::string& extension : {kComment, text, "!\x42\x01x\0"s, "!\0\0"s, "!\xFF\0"s})
    EXPECT_EQ(kept_of(extension + kControl + extension + gif_frame() + extension + extension),
              kControl + gif_frame());
}

}  // namespace
}  // namespace photodrop
