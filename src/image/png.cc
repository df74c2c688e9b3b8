#include "image/png.h"

#include <algorithm>
#include <array>
#include <string>

#include "image/byte_reader.h"
#include "image/crc32.h"
#include "image/exif.h"

namespace photodrop {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n";
constexpr const char* kTruncated = "The PNG is truncated: it ends before its IEND chunk.";
constexpr const char* kBadHeader = "The PNG is corrupt: its IHDR chunk makes no sense.";
constexpr std::string_view kExif = "eXIf";
constexpr std::uint32_t kMaxValue = 0x7FFFFFFF;  // of a length, a width or a height

enum ColorType : std::uint32_t { kGray = 0, kRgb = 2, kPalette = 3, kGrayAlpha = 4, kRgba = 6 };

// Those that make the pixels, their colours and their animation. What is not here (text, Exif,
// times, whatever is private or new) says nothing that a browser needs to show them.
constexpr std::array<std::string_view, 18> kKeptChunks{
    "PLTE", "IDAT", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV",
    "cLLI", "sBIT", "bKGD", "hIST", "sPLT", "pHYs", "acTL", "fcTL", "fdAT"};

struct Chunk {
  std::string_view type;
  std::string_view data;
  std::string_view whole;  // from its length to its checksum
};

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_kept(const Chunk& chunk) {
  return std::find(kKeptChunks.begin(), kKeptChunks.end(), chunk.type) != kKeptChunks.end();
}

// §5.4: a chunk that a decoder may not pass over has a capital first letter.
bool is_critical(const Chunk& chunk) {
  return chunk.type[0] <= 'Z';
}

Chunk next_chunk(ByteReader& reader) {
  const std::string_view start = reader.rest();
  const std::uint32_t length = reader.u32_be();
  if (length > kMaxValue) refuse("The PNG is corrupt: a chunk is longer than any may be.");
  const std::string_view type_and_data = reader.take(std::size_t{4} + length);
  const std::string_view type = type_and_data.substr(0, 4);
  if (!std::all_of(type.begin(), type.end(), is_letter))
    refuse("The PNG is corrupt: a chunk's name is not made of letters.");
  if (reader.u32_be() != crc32(type_and_data))
    refuse("The PNG is corrupt: the checksum of its " + std::string(type) + " chunk is wrong.");
  return {type, type_and_data.substr(4), reader.read_since(start)};
}

std::string four_bytes(std::size_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

// §11.2, IHDR.
bool is_legal_depth(std::uint32_t color_type, std::uint32_t bits) {
  switch (color_type) {
    case kGray:
      return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
    case kPalette:
      return bits == 1 || bits == 2 || bits == 4 || bits == 8;
    case kRgb:
    case kGrayAlpha:
    case kRgba:
      return bits == 8 || bits == 16;
    default:
      return false;
  }
}

class PngWalk {
 public:
  PngWalk(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept)
      : reader_(bytes, kTruncated), limits_(limits), kept_(kept), frames_(limits) {}

  Size run();

 private:
  void read_header(const Chunk& chunk);
  void read_palette(const Chunk& chunk);
  void read_data();
  void read_chunk(const Chunk& chunk);
  void keep_chunk(const Chunk& chunk);
  void keep_exif(const Chunk& chunk);

  ByteReader reader_;
  const ImageLimits& limits_;
  KeptBytes& kept_;
  ExifReducer exif_;
  FrameCounter frames_;
  Size size_;
  bool needs_palette_ = false;
  bool has_palette_ = false;
  bool has_data_ = false;
  bool data_is_over_ = false;
};

Size PngWalk::run() {
  kept_.keep(reader_.take(kSignature.size()));
  Chunk chunk = next_chunk(reader_);
  read_header(chunk);
  kept_.keep(chunk.whole);
  for (chunk = next_chunk(reader_); chunk.type != "IEND"; chunk = next_chunk(reader_)) {
    read_chunk(chunk);
    keep_chunk(chunk);
  }
  if (!chunk.data.empty()) refuse("The PNG is corrupt: its IEND chunk is not empty.");
  if (!has_data_) refuse("The PNG is corrupt: it has no IDAT chunk.");
  kept_.keep(chunk.whole);
  return size_;
}

void PngWalk::read_header(const Chunk& chunk) {
  if (chunk.type != "IHDR") refuse("The PNG is corrupt: its first chunk is not IHDR.");
  if (chunk.data.size() != 13) refuse(kBadHeader);
  ByteReader header(chunk.data, kBadHeader);
  const std::uint32_t width = header.u32_be();
  const std::uint32_t height = header.u32_be();
  const std::uint32_t depth = header.u8();
  const std::uint32_t color_type = header.u8();
  const std::uint32_t compression = header.u8();
  const std::uint32_t filter = header.u8();
  const std::uint32_t interlace = header.u8();
  if (width > kMaxValue || height > kMaxValue || !is_legal_depth(color_type, depth) ||
      compression != 0 || filter != 0 || interlace > 1)
    refuse(kBadHeader);
  size_ = {width, height};
  check_size(size_, limits_.max_pixels);
  needs_palette_ = color_type == kPalette;
}

void PngWalk::read_chunk(const Chunk& chunk) {
  if (chunk.type == "IDAT") return read_data();
  data_is_over_ = has_data_;
  if (chunk.type == "fcTL") frames_.count(size_);
  if (chunk.type == "PLTE") return read_palette(chunk);
  if (is_critical(chunk))
    refuse("The PNG is corrupt: its " + std::string(chunk.type) +
           " chunk is unknown or out of place.");
}

void PngWalk::read_palette(const Chunk& chunk) {
  if (has_palette_ || has_data_)
    refuse("The PNG is corrupt: its PLTE chunk is doubled or out of place.");
  if (chunk.data.empty() || chunk.data.size() % 3 != 0 || chunk.data.size() > 3 * 256)
    refuse("The PNG is corrupt: its PLTE chunk has an impossible length.");
  has_palette_ = true;
}

void PngWalk::read_data() {
  if (data_is_over_) refuse("The PNG is corrupt: its IDAT chunks are not consecutive.");
  if (needs_palette_ && !has_palette_)
    refuse("The PNG is corrupt: its PLTE chunk is missing or follows IDAT.");
  has_data_ = true;
}

void PngWalk::keep_chunk(const Chunk& chunk) {
  if (chunk.type == kExif) {
    keep_exif(chunk);
  } else if (is_kept(chunk)) {
    kept_.keep(chunk.whole);
  }
}

void PngWalk::keep_exif(const Chunk& chunk) {
  const std::string orientation = exif_.reduce(chunk.data);
  if (orientation.empty()) return;
  const std::string type_and_data = std::string(kExif) + orientation;
  kept_.add(four_bytes(orientation.size()) + type_and_data + four_bytes(crc32(type_and_data)));
}

}  // namespace

bool starts_like_png(std::string_view bytes) {
  return bytes.substr(0, kSignature.size()) == kSignature;
}

Size walk_png(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept) {
  return PngWalk(bytes, limits, kept).run();
}

}  // namespace photodrop
