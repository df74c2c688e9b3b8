#include "image/jpeg.h"

#include <optional>

#include "image/byte_reader.h"

namespace photodrop {
namespace {

constexpr const char* kTruncated = "The JPEG is truncated: it ends before its EOI marker.";
constexpr const char* kShortSegment =
    "The JPEG is corrupt: a segment is too short for what it must hold.";

// The second bytes of the markers, T.81 table B.1.
constexpr std::uint32_t kFirstFrame = 0xC0, kLastFrame = 0xCF;  // with the three gaps below
constexpr std::uint32_t kHuffmanTables = 0xC4;
constexpr std::uint32_t kReservedFrame = 0xC8;
constexpr std::uint32_t kArithmeticConditioning = 0xCC;
constexpr std::uint32_t kFirstRestart = 0xD0, kLastRestart = 0xD7;
constexpr std::uint32_t kEndOfImage = 0xD9;
constexpr std::uint32_t kStartOfScan = 0xDA;
constexpr std::uint32_t kHierarchy = 0xDE;  // DHP; before it come DQT, DNL and DRI
constexpr std::uint32_t kExpand = 0xDF;
constexpr std::uint32_t kFirstApplication = 0xE0, kLastApplication = 0xEF;
constexpr std::uint32_t kComment = 0xFE;

constexpr std::uint32_t kMaxComponents = 4;

bool is_frame(std::uint32_t marker) {
  return marker >= kFirstFrame && marker <= kLastFrame && marker != kHuffmanTables &&
         marker != kReservedFrame && marker != kArithmeticConditioning;
}

bool is_restart(std::uint32_t marker) {
  return marker >= kFirstRestart && marker <= kLastRestart;
}

// The markers that a segment with a length follows.
bool starts_segment(std::uint32_t marker) {
  return is_frame(marker) || marker == kHuffmanTables || marker == kArithmeticConditioning ||
         (marker >= kStartOfScan && marker <= kExpand) ||
         (marker >= kFirstApplication && marker <= kLastApplication) || marker == kComment;
}

// Bits a sample, T.81 table B.2. The low bits of a frame's marker tell its process: 0 is
// baseline, which only C0 is, and 3 is lossless.
bool is_legal_precision(std::uint32_t marker, std::uint32_t bits) {
  if (marker == kFirstFrame) return bits == 8;
  if (marker == kHierarchy || (marker & 3) == 3) return bits >= 2 && bits <= 16;
  return bits == 8 || bits == 12;
}

class JpegWalk {
 public:
  JpegWalk(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept)
      : reader_(bytes, kTruncated), limits_(limits), kept_(kept) {}

  Size run();

 private:
  std::uint32_t next_marker();
  std::uint32_t next_marker_after_scan();
  void read_segment(std::uint32_t marker);
  void read_frame(std::uint32_t marker, ByteReader segment);
  void read_scan(ByteReader segment);

  ByteReader reader_;
  const ImageLimits& limits_;
  KeptBytes& kept_;
  std::optional<Size> size_;
  std::uint32_t components_ = 0;  // of the latest frame; 0 before the first
  bool hierarchical_ = false;
  bool scanned_ = false;
};

Size JpegWalk::run() {
  const std::string_view file = reader_.rest();
  reader_.skip(2);  // SOI
  std::uint32_t marker = next_marker();
  while (marker != kEndOfImage) {
    read_segment(marker);
    marker = marker == kStartOfScan ? next_marker_after_scan() : next_marker();
  }
  if (!size_ || !scanned_) refuse("The JPEG is corrupt: it holds no image data.");
  kept_.keep(reader_.read_since(file));
  return *size_;
}

std::uint32_t JpegWalk::next_marker() {
  if (reader_.u8() != 0xFF) refuse("The JPEG is corrupt: a marker is missing.");
  std::uint32_t marker = reader_.u8();
  while (marker == 0xFF) marker = reader_.u8();  // fill bytes, B.1.1.2
  return marker;
}

// In entropy-coded data FF 00 is a data byte FF and a restart marker is part of the data.
std::uint32_t JpegWalk::next_marker_after_scan() {
  std::uint32_t marker = 0;
  while (marker == 0 || is_restart(marker)) {
    reader_.skip_to('\xFF');
    marker = next_marker();
  }
  return marker;
}

void JpegWalk::read_segment(std::uint32_t marker) {
  if (!starts_segment(marker))
    refuse("The JPEG is corrupt: it holds a marker that does not belong there.");
  const std::uint32_t length = reader_.u16_be();
  if (length < 2) refuse(kShortSegment);  // the length counts its own two bytes
  const ByteReader segment(reader_.take(length - 2), kShortSegment);
  if (is_frame(marker) || marker == kHierarchy) read_frame(marker, segment);
  if (marker == kStartOfScan) read_scan(segment);
}

void JpegWalk::read_frame(std::uint32_t marker, ByteReader segment) {
  if (size_ && !(hierarchical_ && is_frame(marker)))
    refuse("The JPEG is corrupt: it holds more than one frame.");
  const std::uint32_t precision = segment.u8();
  const std::int64_t height = segment.u16_be();
  const std::int64_t width = segment.u16_be();
  const std::uint32_t components = segment.u8();
  if (!is_legal_precision(marker, precision) || components < 1 || components > kMaxComponents ||
      segment.remaining() != 3 * components)
    refuse("The JPEG is corrupt: its frame header makes no sense.");
  check_size({width, height}, limits_.max_pixels);
  if (!size_) size_ = Size{width, height};
  if (marker == kHierarchy) {
    hierarchical_ = true;
  } else {
    components_ = components;
  }
}

void JpegWalk::read_scan(ByteReader segment) {
  const std::uint32_t components = segment.u8();
  if (components < 1 || components > components_ || segment.remaining() != 2 * components + 3)
    refuse("The JPEG is corrupt: a scan header does not fit the frame.");
  scanned_ = true;
}

}  // namespace

bool starts_like_jpeg(std::string_view bytes) {
  return bytes.substr(0, 3) == "\xFF\xD8\xFF";
}

Size walk_jpeg(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept) {
  return JpegWalk(bytes, limits, kept).run();
}

}  // namespace photodrop
