// Pictures for tests: whole ones built in memory at any size, the parts they are made of, for
// building broken ones, and the files that real encoders made (tests/data/images).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/probe.h"

namespace photodrop {

// Whole pictures of one colour that any decoder shows. A size of 16 × 8 makes the JPEG 166
// bytes and the others less than 100.
std::string tiny_jpeg(int width = 16, int height = 8);  // baseline, grey
std::string tiny_png(int width = 16, int height = 8);   // grey, 8 bits
std::string tiny_gif(int width = 16, int height = 8);   // one frame, a global colour table
// Lossless, and 28 bytes long whatever its size: tiny_webp(10000, 6000) has 60 megapixels.
std::string tiny_webp(int width = 16, int height = 8);

struct SampleImage {
  std::string name;
  std::string bytes;
  ImageFormat format;
  std::int64_t width;
  std::int64_t height;
};

std::vector<SampleImage> tiny_samples();  // the four above

// Those and every file in tests/data/images, all of them valid.
std::vector<SampleImage> sample_images();

// The lowest `count` bytes of `value`, most or least significant first.
std::string big_endian(std::uint32_t value, int count);
std::string little_endian(std::uint32_t value, int count);

// Exif: one directory, in it the orientation alone, 26 bytes.
enum class ByteOrder { big, little };
std::string exif_block(int orientation, ByteOrder order);

// JPEG. A file is kJpegStart, segments, a scan, kJpegEnd.
inline constexpr const char* kJpegStart = "\xFF\xD8";
inline constexpr const char* kJpegEnd = "\xFF\xD9";

struct JpegFrame {
  int marker = 0xC0;  // SOF0
  int precision = 8;
  int width = 16;
  int height = 8;
  int components = 1;
};

// A marker, the length of what follows, the payload.
std::string jpeg_segment(int marker, const std::string& payload);
std::string jpeg_frame(const JpegFrame& frame);
// The quantization table and the Huffman tables that jpeg_scan is coded with.
std::string jpeg_tables();
// SOS and the entropy-coded data of a grey frame of that size.
std::string jpeg_scan(int width = 16, int height = 8);

// PNG and RIFF: a name of four characters and what the chunk holds.
struct Chunk {
  std::string name;
  std::string data;
};

struct PngHeader {
  std::uint32_t width = 16;
  std::uint32_t height = 8;
  int depth = 8;
  int color_type = 0;
  int compression = 0;
  int filter = 0;
  int interlace = 0;
};

// The signature, then the chunks with their lengths and right checksums.
std::string png_file(const std::vector<Chunk>& chunks);
std::string png_chunk(const Chunk& chunk);
Chunk png_header(const PngHeader& header = {});    // IHDR
Chunk png_pixels(int width = 16, int height = 8);  // IDAT, grey, 8 bits
inline const Chunk kPngEnd{"IEND", ""};

// GIF. A file is a screen, frames and extensions, kGifTrailer.
inline constexpr char kGifTrailer = ';';
std::string gif_screen(int width = 16, int height = 8);  // with the signature and four colours
std::string gif_frame(int width = 16, int height = 8);

// WebP.
struct WebpFrame {
  std::uint32_t x = 0;  // pixels, even
  std::uint32_t y = 0;
  std::uint32_t width = 16;
  std::uint32_t height = 8;
  std::vector<Chunk> chunks{};
};

// The RIFF header, then the chunks with their lengths and padding.
std::string webp_file(const std::vector<Chunk>& chunks);
std::string riff_chunk(const Chunk& chunk);
Chunk webp_lossless(int width = 16, int height = 8);  // VP8L, decodable
Chunk webp_lossy(int width = 16, int height = 8);     // VP8, its header and no pixels
enum class WebpKind { still, animated };
Chunk webp_canvas(WebpKind kind, std::uint32_t width = 16, std::uint32_t height = 8);  // VP8X
Chunk webp_frame(const WebpFrame& frame);                                              // ANMF

}  // namespace photodrop
