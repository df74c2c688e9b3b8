#include "image/gif.h"

#include <algorithm>
#include <array>

#include "image/byte_reader.h"

namespace photodrop {
namespace {

constexpr const char* kTruncated = "The GIF is truncated: it ends before its trailer.";

constexpr std::uint32_t kExtension = 0x21;
constexpr std::uint32_t kImageDescriptor = 0x2C;
constexpr std::uint32_t kTrailer = 0x3B;

// Labels of extensions.
constexpr std::uint32_t kGraphicControl = 0xF9;  // the time and transparency of the next frame
constexpr std::uint32_t kApplication = 0xFF;

// How often an animation runs, in two spellings, and the ICC profile. The first sub-block of an
// application's extension is its identifier and code: §26.
constexpr std::array<std::string_view, 3> kKeptApplications{"NETSCAPE2.0", "ANIMEXTS1.0",
                                                            "ICCRGBG1012"};
constexpr std::size_t kIdentifierSize = 11;

// The specification stops at 8, for 256 colours; LZW codes of 12 bits leave room for 11, and
// decoders take them.
constexpr std::uint32_t kMinCodeSize = 2, kMaxCodeSize = 11;

Size read_size(ByteReader& reader) {
  const std::int64_t width = reader.u16_le();
  const std::int64_t height = reader.u16_le();
  return {width, height};
}

// The global table and the local ones say by the same bits of their `flags` whether they are
// there and how many colours of three bytes they have: §18 and §20.
void skip_color_table(ByteReader& reader, std::uint32_t flags) {
  if ((flags & 0x80) == 0) return;
  reader.skip(std::size_t{3} << ((flags & 7) + 1));
}

void skip_sub_blocks(ByteReader& reader) {
  for (std::uint32_t size = reader.u8(); size != 0; size = reader.u8()) reader.skip(size);
}

bool is_kept_application(std::string_view data) {
  return data.starts_with(static_cast<char>(kIdentifierSize)) &&
         std::find(kKeptApplications.begin(), kKeptApplications.end(),
                   data.substr(1, kIdentifierSize)) != kKeptApplications.end();
}

bool is_kept_extension(std::uint32_t label, std::string_view data) {
  return label == kGraphicControl || (label == kApplication && is_kept_application(data));
}

// Returns whether to keep the extension.
bool walk_extension(ByteReader& reader) {
  const std::uint32_t label = reader.u8();
  const std::string_view data = reader.rest();
  skip_sub_blocks(reader);
  return is_kept_extension(label, data);
}

class GifWalk {
 public:
  GifWalk(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept)
      : reader_(bytes, kTruncated), limits_(limits), kept_(kept), frames_(limits) {}

  Size run();

 private:
  void walk_screen();
  bool walk_block(std::uint32_t kind);
  void walk_frame();

  ByteReader reader_;
  const ImageLimits& limits_;
  KeptBytes& kept_;
  FrameCounter frames_;
  Size screen_;
  bool has_frame_ = false;
};

Size GifWalk::run() {
  std::string_view start = reader_.rest();
  walk_screen();
  kept_.keep(reader_.read_since(start));
  start = reader_.rest();
  for (std::uint32_t kind = reader_.u8(); kind != kTrailer; kind = reader_.u8()) {
    if (walk_block(kind)) kept_.keep(reader_.read_since(start));
    start = reader_.rest();
  }
  if (!has_frame_) refuse("The GIF is corrupt: it holds no image.");
  kept_.keep(reader_.read_since(start));
  return screen_;
}

void GifWalk::walk_screen() {
  reader_.skip(6);  // the signature
  screen_ = read_size(reader_);
  check_size(screen_, limits_.max_pixels);
  const std::uint32_t flags = reader_.u8();
  reader_.skip(2);  // background colour, aspect ratio
  skip_color_table(reader_, flags);
}

// Returns whether to keep the block.
bool GifWalk::walk_block(std::uint32_t kind) {
  if (kind == kExtension) return walk_extension(reader_);
  if (kind != kImageDescriptor)
    refuse("The GIF is corrupt: it holds a block of an unknown kind.");
  walk_frame();
  return true;
}

void GifWalk::walk_frame() {
  reader_.skip(4);  // its position
  const Size size = read_size(reader_);
  check_size(size, limits_.max_pixels);
  frames_.count({std::max(size.width, screen_.width), std::max(size.height, screen_.height)});
  skip_color_table(reader_, reader_.u8());
  const std::uint32_t code_size = reader_.u8();
  if (code_size < kMinCodeSize || code_size > kMaxCodeSize)
    refuse("The GIF is corrupt: a frame's LZW code size is impossible.");
  skip_sub_blocks(reader_);
  has_frame_ = true;
}

}  // namespace

bool starts_like_gif(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 6);
  return start == "GIF87a" || start == "GIF89a";
}

Size walk_gif(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept) {
  return GifWalk(bytes, limits, kept).run();
}

}  // namespace photodrop
