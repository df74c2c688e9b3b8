// One image of each format with metadata wherever they can be.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/sample_images.h"

namespace photodrop {

inline std::string rich_jpeg() {
  using namespace std::string_literals;
  const std::string exif = jpeg_segment(0xE1, "Exif\0\0"s + exif_block(6, ByteOrder::little));
  const std::string jfif = jpeg_segment(0xE0, "JFIF\0\1\2\1\0\1\0\1\1\1rgb"s);
  const std::string profile = jpeg_segment(0xE2, "ICC_PROFILE\0\1\1abc"s);
  const std::string adobe = jpeg_segment(0xEE, "Adobe\0\x64\0\0\0\0\1more"s);
  const std::string comment = jpeg_segment(0xFE, "private");
  return kJpegStart + jfif + exif + profile + adobe + comment + jpeg_tables() +
         jpeg_frame({.marker = 0xC2}) + jpeg_scan() + comment + exif + jpeg_scan() + comment +
         kJpegEnd;
}

inline std::string rich_png() {
  const Chunk exif{"eXIf", exif_block(6, ByteOrder::little)};
  const Chunk text{"tEXt", "private"};
  return png_file({png_header(),
                   text,
                   {"iCCP", "abc"},
                   {"acTL", "abc"},
                   exif,
                   {"fcTL", "abc"},
                   png_pixels(),
                   text,
                   {"fcTL", "abc"},
                   {"fdAT", "abc"},
                   exif,
                   kPngEnd});
}

inline std::string rich_gif() {
  using namespace std::string_literals;
  const std::string comment = "!\xFE\x07private\0"s;
  const std::string loop = "!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"s;
  const std::string xmp = "!\xFF\x0BXMP DataXMP\x03\x01\0\0\0"s;
  const std::string control = "!\xF9\x04\x04\x0A\0\0\0"s;
  return gif_screen() + loop + comment + control + gif_frame() + xmp + control + comment +
         gif_frame(4, 4) + comment + kGifTrailer;
}

inline std::string rich_webp() {
  Chunk header = webp_canvas(WebpKind::animated);
  header.data[0] = 0x2E;  // animation, ICC, Exif, XMP
  const Chunk exif{"EXIF", exif_block(6, ByteOrder::little)};
  const Chunk xmp{"XMP ", "private"};
  const Chunk frame = webp_frame({.chunks = {{"ALPH", "x"}, webp_lossy(), xmp}});
  return webp_file({header, {"ICCP", "abc"}, {"ANIM", "abcdef"}, frame, xmp, frame, exif, xmp});
}

inline std::vector<SampleImage> rich_samples() {
  return {{"rich_jpeg", rich_jpeg(), ImageFormat::jpeg, 16, 8},
          {"rich_png", rich_png(), ImageFormat::png, 16, 8},
          {"rich_gif", rich_gif(), ImageFormat::gif, 16, 8},
          {"rich_webp", rich_webp(), ImageFormat::webp, 16, 8}};
}

// These and those of sample_images().
inline std::vector<SampleImage> all_samples() {
  std::vector<SampleImage> samples = sample_images();
  for (SampleImage& sample : rich_samples()) samples.push_back(std::move(sample));
  return samples;
}

}  // namespace photodrop
