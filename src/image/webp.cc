#include "image/webp.h"

#include <optional>

#include "image/byte_reader.h"

namespace photodrop {
namespace {

constexpr const char* kTruncated =
    "The WebP is truncated: it is shorter than its RIFF header says.";
constexpr const char* kOverrun = "The WebP is corrupt: a chunk reaches beyond what it is in.";
constexpr const char* kShortChunk =
    "The WebP is corrupt: a chunk is too short for what it must hold.";

constexpr std::uint32_t kAnimationFlag = 0x02;
constexpr std::int64_t kMaxCanvasPixels = 0xFFFFFFFF;

struct Chunk {
  std::string_view name;
  std::string_view data;
};

Chunk next_chunk(ByteReader& reader) {
  const std::string_view name = reader.take(4);
  const std::string_view data = reader.take(reader.u32_le());
  reader.skip(data.size() % 2);  // padding
  return {name, data};
}

// The format stores one less than the size, so that no size is 0.
Size read_size_less_one(ByteReader& reader) {
  const std::int64_t width = reader.u24_le() + 1;
  const std::int64_t height = reader.u24_le() + 1;
  return {width, height};
}

Size vp8_size(std::string_view data) {
  ByteReader reader(data, kShortChunk);
  const std::uint32_t tag = reader.u24_le();
  const bool is_key_frame = (tag & 1) == 0;
  const std::string_view start_code = reader.take(3);
  if (!is_key_frame || start_code != "\x9D\x01\x2A")
    refuse("The WebP is corrupt: its VP8 data does not start with a key frame.");
  const std::int64_t width = reader.u16_le() & 0x3FFF;  // the two bits above ask for scaling
  const std::int64_t height = reader.u16_le() & 0x3FFF;
  const std::uint32_t first_partition = tag >> 5;
  if (first_partition > reader.remaining()) refuse(kShortChunk);
  return {width, height};
}

Size vp8l_size(std::string_view data) {
  ByteReader reader(data, kShortChunk);
  const std::uint32_t signature = reader.u8();
  const std::uint32_t bits = reader.u32_le();
  const std::uint32_t version = bits >> 29;
  if (signature != 0x2F || version != 0)
    refuse("The WebP is corrupt: its VP8L data does not start with its signature.");
  const std::int64_t width = (bits & 0x3FFF) + 1;
  const std::int64_t height = (bits >> 14 & 0x3FFF) + 1;
  return {width, height};
}

// The size of the bitstream in the chunk, or nullopt when it holds none.
std::optional<Size> bitstream_size(const Chunk& chunk) {
  if (chunk.name == "VP8 ") return vp8_size(chunk.data);
  if (chunk.name == "VP8L") return vp8l_size(chunk.data);
  return std::nullopt;
}

// Walks chunks of which the first bitstream is the image.
void walk_still(ByteReader chunks, Size expected) {
  std::optional<Size> found;
  while (!chunks.empty()) {
    const Chunk chunk = next_chunk(chunks);
    if (!found) found = bitstream_size(chunk);
  }
  if (!found) refuse("The WebP is corrupt: it lacks the data of an image.");
  if (*found != expected)
    refuse("The WebP is corrupt: its image has not the size that its header states.");
}

// `data` is that of a chunk ANMF: where and how large the frame is, then chunks of its own.
void walk_frame(std::string_view data, Size canvas) {
  ByteReader reader(data, kShortChunk);
  const std::int64_t x = std::int64_t{2} * reader.u24_le();
  const std::int64_t y = std::int64_t{2} * reader.u24_le();
  const Size size = read_size_less_one(reader);
  reader.skip(4);  // duration and flags
  if (x + size.width > canvas.width || y + size.height > canvas.height)
    refuse("The WebP is corrupt: a frame reaches beyond the canvas.");
  walk_still(ByteReader(reader.take(reader.remaining()), kOverrun), size);
}

void walk_animation(ByteReader chunks, Size canvas) {
  bool has_parameters = false;
  bool has_frame = false;
  while (!chunks.empty()) {
    const Chunk chunk = next_chunk(chunks);
    if (chunk.name == "ANIM") has_parameters = true;
    if (chunk.name != "ANMF") continue;
    if (!has_parameters) refuse("The WebP is corrupt: it has a frame before its ANIM chunk.");
    walk_frame(chunk.data, canvas);
    has_frame = true;
  }
  if (!has_frame) refuse("The WebP is corrupt: its animation has no frame.");
}

// `header` is the data of VP8X, `chunks` what follows it.
Size walk_extended(ByteReader header, ByteReader chunks, const ImageLimits& limits) {
  const std::uint32_t flags = header.u8();
  header.skip(3);  // reserved
  const Size canvas = read_size_less_one(header);
  if (canvas.width * canvas.height > kMaxCanvasPixels)
    refuse("The WebP is corrupt: its canvas is larger than any may be.");
  check_size(canvas, limits.max_pixels);
  if ((flags & kAnimationFlag) != 0) {
    walk_animation(chunks, canvas);
  } else {
    walk_still(chunks, canvas);
  }
  return canvas;
}

}  // namespace

bool starts_like_webp(std::string_view bytes) {
  return bytes.substr(0, 4) == "RIFF" && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP";
}

Size walk_webp(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept) {
  ByteReader file(bytes, kTruncated);
  file.skip(4);  // "RIFF"
  ByteReader chunks(file.take(file.u32_le()), kOverrun);
  kept.keep(file.read_since(bytes));
  chunks.skip(4);  // "WEBP"
  const Chunk first = next_chunk(chunks);
  if (first.name == "VP8X")
    return walk_extended(ByteReader(first.data, kShortChunk), chunks, limits);
  const std::optional<Size> size = bitstream_size(first);
  if (!size) refuse("The WebP is corrupt: its first chunk is neither an image nor VP8X.");
  check_size(*size, limits.max_pixels);
  while (!chunks.empty()) next_chunk(chunks);
  return *size;
}

}  // namespace photodrop
