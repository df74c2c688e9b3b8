#include "image/webp.h"

#include <optional>
#include <string>

#include "image/byte_reader.h"
#include "image/exif.h"

namespace photodrop {
namespace {

constexpr const char* kTruncated =
    "The WebP is truncated: it is shorter than its RIFF header says.";
constexpr const char* kOverrun = "The WebP is corrupt: a chunk reaches beyond what it is in.";
constexpr const char* kShortChunk =
    "The WebP is corrupt: a chunk is too short for what it must hold.";

// Where things are in the file and in the data of VP8X and ANMF.
constexpr std::size_t kFileSizeAt = 4, kFlagsAt = 20;
constexpr std::size_t kChunkHeaderSize = 8, kFrameHeaderSize = 16;

constexpr std::uint32_t kAnimationFlag = 0x02, kXmpFlag = 0x04, kExifFlag = 0x08;
constexpr std::string_view kExifPrefix("Exif\0\0",
                                       6);  // JPEG's, which some encoders leave there
constexpr std::int64_t kMaxCanvasPixels = 0xFFFFFFFF;

struct Chunk {
  std::string_view name;
  std::string_view data;
  std::string_view whole;  // with its header and padding
};

Chunk next_chunk(ByteReader& reader) {
  const std::string_view start = reader.rest();
  const std::string_view name = reader.take(4);
  const std::string_view data = reader.take(reader.u32_le());
  reader.skip(data.size() % 2);  // padding
  return {name, data, reader.read_since(start)};
}

std::string four_bytes(std::size_t value) {
  std::string bytes;
  for (const int shift : {0, 8, 16, 24}) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
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

// The image among some chunks: the first bitstream, and the alpha before it.
class Still {
 public:
  // Whether the next chunk is a part of it.
  bool takes(const Chunk& chunk) {
    if (size_) return false;
    size_ = bitstream_size(chunk);
    return size_ || chunk.name == "ALPH";
  }

  void check(Size expected) const {
    if (!size_) refuse("The WebP is corrupt: it lacks the data of an image.");
    if (*size_ != expected)
      refuse("The WebP is corrupt: its image has not the size that its header states.");
  }

 private:
  std::optional<Size> size_;
};

class WebpWalk {
 public:
  WebpWalk(const ImageLimits& limits, KeptBytes& kept) : limits_(limits), kept_(kept) {}

  Size run(std::string_view bytes);

 private:
  Size walk_simple(const Chunk& image, ByteReader chunks);
  Size walk_extended(const Chunk& header, ByteReader chunks);
  void walk_still(ByteReader chunks, Size canvas);
  void walk_animation(ByteReader chunks, Size canvas);
  void walk_frame(const Chunk& frame, Size canvas);
  void keep_shared(const Chunk& chunk);
  void keep_exif(const Chunk& chunk);
  void state_flags();
  void state_size(std::size_t at);

  const ImageLimits& limits_;
  KeptBytes& kept_;
  ExifReducer exif_;
  std::uint32_t flags_ = 0;  // of VP8X
  bool has_exif_ = false;    // that was kept
};

Size WebpWalk::run(std::string_view bytes) {
  ByteReader file(bytes, kTruncated);
  file.skip(4);  // "RIFF"
  ByteReader chunks(file.take(file.u32_le()), kOverrun);
  chunks.skip(4);  // "WEBP"
  kept_.keep(bytes.substr(0, 12));
  const Chunk first = next_chunk(chunks);
  kept_.keep(first.whole);
  const Size size =
      first.name == "VP8X" ? walk_extended(first, chunks) : walk_simple(first, chunks);
  state_size(kFileSizeAt);
  return size;
}

Size WebpWalk::walk_simple(const Chunk& image, ByteReader chunks) {
  const std::optional<Size> size = bitstream_size(image);
  if (!size) refuse("The WebP is corrupt: its first chunk is neither an image nor VP8X.");
  check_size(*size, limits_.max_pixels);
  while (!chunks.empty()) next_chunk(chunks);
  return *size;
}

Size WebpWalk::walk_extended(const Chunk& header, ByteReader chunks) {
  ByteReader reader(header.data, kShortChunk);
  flags_ = reader.u8();
  reader.skip(3);  // reserved
  const Size canvas = read_size_less_one(reader);
  if (canvas.width * canvas.height > kMaxCanvasPixels)
    refuse("The WebP is corrupt: its canvas is larger than any may be.");
  check_size(canvas, limits_.max_pixels);
  if ((flags_ & kAnimationFlag) != 0) {
    walk_animation(chunks, canvas);
  } else {
    walk_still(chunks, canvas);
  }
  state_flags();
  return canvas;
}

void WebpWalk::walk_still(ByteReader chunks, Size canvas) {
  Still still;
  while (!chunks.empty()) {
    const Chunk chunk = next_chunk(chunks);
    if (still.takes(chunk)) {
      kept_.keep(chunk.whole);
    } else {
      keep_shared(chunk);
    }
  }
  still.check(canvas);
}

void WebpWalk::walk_animation(ByteReader chunks, Size canvas) {
  FrameCounter frames(limits_);
  bool has_parameters = false;
  bool has_frame = false;
  while (!chunks.empty()) {
    const Chunk chunk = next_chunk(chunks);
    if (chunk.name == "ANIM") {
      has_parameters = true;
      kept_.keep(chunk.whole);
    } else if (chunk.name == "ANMF") {
      if (!has_parameters) refuse("The WebP is corrupt: it has a frame before its ANIM chunk.");
      has_frame = true;
      frames.count(canvas);
      walk_frame(chunk, canvas);
    } else {
      keep_shared(chunk);
    }
  }
  if (!has_frame) refuse("The WebP is corrupt: its animation has no frame.");
}

// The data of a frame: where and how large it is, then chunks of its own.
void WebpWalk::walk_frame(const Chunk& frame, Size canvas) {
  ByteReader reader(frame.data, kShortChunk);
  const std::int64_t x = std::int64_t{2} * reader.u24_le();
  const std::int64_t y = std::int64_t{2} * reader.u24_le();
  const Size size = read_size_less_one(reader);
  reader.skip(4);  // duration and flags
  if (x + size.width > canvas.width || y + size.height > canvas.height)
    refuse("The WebP is corrupt: a frame reaches beyond the canvas.");
  const std::size_t start = kept_.size();
  kept_.keep(frame.whole.substr(0, kChunkHeaderSize + kFrameHeaderSize));
  Still still;
  for (ByteReader chunks(reader.rest(), kOverrun); !chunks.empty();) {
    const Chunk chunk = next_chunk(chunks);
    if (still.takes(chunk)) kept_.keep(chunk.whole);
  }
  still.check(size);
  state_size(start + 4);
}

// What stills and animations may have besides their pixels.
void WebpWalk::keep_shared(const Chunk& chunk) {
  if (chunk.name == "ICCP") kept_.keep(chunk.whole);
  if (chunk.name == "EXIF") keep_exif(chunk);
}

// Decoders pass over a chunk that VP8X does not announce. Some of them find nothing without the
// prefix, others nothing with it: whatever they made of the chunk, they shall still.
void WebpWalk::keep_exif(const Chunk& chunk) {
  if ((flags_ & kExifFlag) == 0) return;
  const std::string_view prefix =
      chunk.data.starts_with(kExifPrefix) ? kExifPrefix : std::string_view();
  const std::string orientation = exif_.reduce(chunk.data.substr(prefix.size()));
  if (orientation.empty()) return;
  has_exif_ = true;
  const std::string data = std::string(prefix) + orientation;
  kept_.add("EXIF" + four_bytes(data.size()) + data);
}

void WebpWalk::state_flags() {
  const std::uint32_t flags = flags_ & ~(kXmpFlag | (has_exif_ ? 0 : kExifFlag));
  kept_.overwrite(kFlagsAt, std::string(1, static_cast<char>(flags)));
}

// At this place of what was kept: how many bytes there are behind it.
void WebpWalk::state_size(std::size_t at) {
  kept_.overwrite(at, four_bytes(kept_.size() - at - 4));
}

}  // namespace

bool starts_like_webp(std::string_view bytes) {
  return bytes.substr(0, 4) == "RIFF" && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP";
}

Size walk_webp(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept) {
  return WebpWalk(limits, kept).run(bytes);
}

}  // namespace photodrop
