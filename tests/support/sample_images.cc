#include "support/sample_images.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace photodrop {
namespace {

std::string byte(int value) {
  return big_endian(static_cast<std::uint32_t>(value), 1);
}

std::string u16_be(int value) {
  return big_endian(static_cast<std::uint32_t>(value), 2);
}

std::string u16_le(int value) {
  return little_endian(static_cast<std::uint32_t>(value), 2);
}

std::uint32_t octet(char c) {
  return static_cast<unsigned char>(c);
}

// Bit by bit, as the PNG specification defines it, to stand against the tables of the program.
std::uint32_t slow_crc32(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= octet(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
  }
  return ~crc;
}

std::uint32_t adler32(const std::string& bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : bytes) {
    a = (a + octet(c)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

// A zlib stream (RFC 1950) that stores `bytes` without compressing them.
std::string zlib_stored(const std::string& bytes) {
  constexpr std::size_t kMaxBlock = 65535;
  std::string out = "\x78\x01";
  for (std::size_t start = 0; start < bytes.size(); start += kMaxBlock) {
    const std::string block = bytes.substr(start, kMaxBlock);
    const auto size = static_cast<std::uint32_t>(block.size());
    out += byte(start + block.size() == bytes.size() ? 1 : 0);  // the last block?
    out += little_endian(size, 2) + little_endian(~size, 2) + block;
  }
  return out + big_endian(adler32(bytes), 4);
}

// Codes of `width` bits each, packed from the lowest bit up.
std::string pack_bits(const std::vector<std::uint32_t>& codes, int width) {
  std::string out;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const std::uint32_t code : codes) {
    pending |= code << bits;
    for (bits += width; bits >= 8; bits -= 8, pending >>= 8) out += little_endian(pending, 1);
  }
  return bits > 0 ? out + little_endian(pending, 1) : out;
}

std::string in_sub_blocks(const std::string& bytes) {
  std::string out;
  for (std::size_t start = 0; start < bytes.size(); start += 255) {
    const std::string block = bytes.substr(start, 255);
    out += byte(static_cast<int>(block.size())) + block;
  }
  return out + byte(0);
}

ImageFormat format_by_extension(const std::string& extension) {
  if (extension == ".jpg") return ImageFormat::jpeg;
  if (extension == ".png") return ImageFormat::png;
  if (extension == ".gif") return ImageFormat::gif;
  if (extension == ".webp") return ImageFormat::webp;
  throw std::runtime_error("tests/data/images has a file of an unknown kind: " + extension);
}

SampleImage read_sample(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return {path.filename(), bytes, format_by_extension(path.extension()), 24, 16};
}

}  // namespace

std::string big_endian(std::uint32_t value, int count) {
  std::string bytes = little_endian(value, count);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

std::string little_endian(std::uint32_t value, int count) {
  std::string out;
  for (; count > 0; --count, value >>= 8) out += static_cast<char>(value & 0xFF);
  return out;
}

std::string exif_block(int orientation, ByteOrder order) {
  const auto number = [order](int value, int count) {
    const auto bits = static_cast<std::uint32_t>(value);
    return order == ByteOrder::big ? big_endian(bits, count) : little_endian(bits, count);
  };
  return (order == ByteOrder::big ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) +
         number(0x112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) +
         number(0, 2) + number(0, 4);
}

std::vector<SampleImage> tiny_samples() {
  return {{"tiny_jpeg", tiny_jpeg(), ImageFormat::jpeg, 16, 8},
          {"tiny_png", tiny_png(), ImageFormat::png, 16, 8},
          {"tiny_gif", tiny_gif(), ImageFormat::gif, 16, 8},
          {"tiny_webp", tiny_webp(), ImageFormat::webp, 16, 8}};
}

std::vector<SampleImage> sample_images() {
  std::vector<SampleImage> samples = tiny_samples();
  for (const auto& entry : std::filesystem::directory_iterator(TEST_DATA "/images"))
    samples.push_back(read_sample(entry.path()));
  return samples;
}

std::string tiny_jpeg(int width, int height) {
  return kJpegStart + jpeg_tables() + jpeg_frame({.width = width, .height = height}) +
         jpeg_scan(width, height) + kJpegEnd;
}

std::string jpeg_segment(int marker, const std::string& payload) {
  return "\xFF" + byte(marker) + u16_be(static_cast<int>(payload.size()) + 2) + payload;
}

std::string jpeg_frame(const JpegFrame& frame) {
  std::string payload = byte(frame.precision) + u16_be(frame.height) + u16_be(frame.width) +
                        byte(frame.components);
  for (int id = 1; id <= frame.components; ++id) payload += byte(id) + byte(0x11) + byte(0);
  return jpeg_segment(frame.marker, payload);
}

// Both Huffman tables have one code, a single bit 0. It stands for "the same as the block
// before" in the first and for "no more coefficients" in the second.
std::string jpeg_tables() {
  const std::string one_code = byte(1) + std::string(15, '\0') + byte(0);
  return jpeg_segment(0xDB, byte(0) + std::string(64, '\1')) +
         jpeg_segment(0xC4, byte(0x00) + one_code + byte(0x10) + one_code);
}

std::string jpeg_scan(int width, int height) {
  const int blocks = ((width + 7) / 8) * ((height + 7) / 8);
  const int bits = 2 * blocks;
  std::string data(static_cast<std::size_t>(bits / 8), '\0');
  if (bits % 8 != 0)
    data += byte(0xFF >> (bits % 8));  // the rest of the byte is filled with ones
  const std::string header = byte(1) + byte(1) + byte(0x00) + byte(0) + byte(63) + byte(0);
  return jpeg_segment(0xDA, header) + data;
}

std::string tiny_png(int width, int height) {
  const PngHeader header{.width = static_cast<std::uint32_t>(width),
                         .height = static_cast<std::uint32_t>(height)};
  return png_file({png_header(header), png_pixels(width, height), kPngEnd});
}

std::string png_file(const std::vector<Chunk>& chunks) {
  std::string file = "\x89PNG\r\n\x1A\n";
  for (const Chunk& chunk : chunks) file += png_chunk(chunk);
  return file;
}

std::string png_chunk(const Chunk& chunk) {
  const std::string checked = chunk.name + chunk.data;
  return big_endian(static_cast<std::uint32_t>(chunk.data.size()), 4) + checked +
         big_endian(slow_crc32(checked), 4);
}

Chunk png_header(const PngHeader& header) {
  return {"IHDR", big_endian(header.width, 4) + big_endian(header.height, 4) +
                      byte(header.depth) + byte(header.color_type) + byte(header.compression) +
                      byte(header.filter) + byte(header.interlace)};
}

Chunk png_pixels(int width, int height) {
  const std::size_t row = static_cast<std::size_t>(width) + 1;  // the filter's type comes first
  return {"IDAT", zlib_stored(std::string(row * static_cast<std::size_t>(height), '\0'))};
}

std::string tiny_gif(int width, int height) {
  return gif_screen(width, height) + gif_frame(width, height) + kGifTrailer;
}

std::string gif_screen(int width, int height) {
  return "GIF89a" + u16_le(width) + u16_le(height) + byte(0x81) + byte(0) + byte(0) +
         std::string(12, '\x80');
}

// LZW codes of three bits: 4 clears the table, 5 ends the data. A clear before every second
// pixel keeps the codes from growing.
std::string gif_frame(int width, int height) {
  std::vector<std::uint32_t> codes;
  for (int pixel = 0; pixel < width * height; ++pixel) {
    if (pixel % 2 == 0) codes.push_back(4);
    codes.push_back(0);
  }
  codes.push_back(5);
  return "," + u16_le(0) + u16_le(0) + u16_le(width) + u16_le(height) + byte(0) + byte(2) +
         in_sub_blocks(pack_bits(codes, 3));
}

std::string tiny_webp(int width, int height) {
  return webp_file({webp_lossless(width, height)});
}

std::string webp_file(const std::vector<Chunk>& chunks) {
  std::string payload = "WEBP";
  for (const Chunk& chunk : chunks) payload += riff_chunk(chunk);
  return riff_chunk({"RIFF", payload});
}

std::string riff_chunk(const Chunk& chunk) {
  return chunk.name + little_endian(static_cast<std::uint32_t>(chunk.data.size()), 4) +
         chunk.data + std::string(chunk.data.size() % 2, '\0');
}

// After the header come, from the lowest bit up, no transform, no colour cache, no meta prefix
// image, and five prefix codes of a single symbol, 0, so that the pixels take no bits at all.
Chunk webp_lossless(int width, int height) {
  const auto header = static_cast<std::uint32_t>((width - 1) | (height - 1) << 14);
  const std::uint32_t codes = 0b0001'0001'0001'0001'0001'000;
  return {"VP8L", "\x2F" + little_endian(header, 4) + little_endian(codes, 3)};
}

Chunk webp_lossy(int width, int height) {
  const std::uint32_t shown_key_frame = 0x10;
  return {"VP8 ",
          little_endian(shown_key_frame, 3) + "\x9D\x01\x2A" + u16_le(width) + u16_le(height)};
}

Chunk webp_canvas(WebpKind kind, std::uint32_t width, std::uint32_t height) {
  return {"VP8X", little_endian(kind == WebpKind::animated ? 0x02 : 0, 4) +
                      little_endian(width - 1, 3) + little_endian(height - 1, 3)};
}

Chunk webp_frame(const WebpFrame& frame) {
  std::string data = little_endian(frame.x / 2, 3) + little_endian(frame.y / 2, 3) +
                     little_endian(frame.width - 1, 3) + little_endian(frame.height - 1, 3) +
                     little_endian(100, 4);  // shown for 100 ms, no flags
  for (const Chunk& chunk : frame.chunks) data += riff_chunk(chunk);
  return {"ANMF", data};
}

}  // namespace photodrop
