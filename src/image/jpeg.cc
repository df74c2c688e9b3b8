#include "image/jpeg.h"

#include <optional>
#include <string>

#include "image/byte_reader.h"
#include "image/exif.h"

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
constexpr std::uint32_t kApp0 = 0xE0, kApp1 = 0xE1, kApp2 = 0xE2, kApp14 = 0xEE;
constexpr std::uint32_t kComment = 0xFE;

constexpr std::uint32_t kMaxComponents = 4;

// How the data of the applications' segments begin that are kept, or a part of them: JFIF 1.02;
// Exif 2.3 §4.7.2; ICC.1:2010 annex B.4; Adobe's Technical Note 5116, "DCT Filters".
constexpr std::string_view kJfif("JFIF\0", 5), kExif("Exif\0\0", 6), kAdobe("Adobe");
constexpr std::string_view kIccProfile("ICC_PROFILE\0", 12);
constexpr std::size_t kJfifSize = 14, kAdobeSize = 12;
constexpr std::string_view kNoThumbnail("\0\0", 2);  // its width and height, the last of JFIF

struct Segment {
  std::uint32_t marker = 0;
  std::string_view data;
  std::string_view whole;  // from the marker's first fill byte on
};

bool is_frame(std::uint32_t marker) {
  return marker >= kFirstFrame && marker <= kLastFrame && marker != kHuffmanTables &&
         marker != kReservedFrame && marker != kArithmeticConditioning;
}

bool is_restart(std::uint32_t marker) {
  return marker >= kFirstRestart && marker <= kLastRestart;
}

bool is_application(std::uint32_t marker) {
  return marker >= kFirstApplication && marker <= kLastApplication;
}

// The markers that a segment with a length follows.
bool starts_segment(std::uint32_t marker) {
  return is_frame(marker) || marker == kHuffmanTables || marker == kArithmeticConditioning ||
         (marker >= kStartOfScan && marker <= kExpand) || is_application(marker) ||
         marker == kComment;
}

// Bits a sample, T.81 table B.2. The low bits of a frame's marker tell its process: 0 is
// baseline, which only C0 is, and 3 is lossless.
bool is_legal_precision(std::uint32_t marker, std::uint32_t bits) {
  if (marker == kFirstFrame) return bits == 8;
  if (marker == kHierarchy || (marker & 3) == 3) return bits >= 2 && bits <= 16;
  return bits == 8 || bits == 12;
}

std::uint32_t next_marker(ByteReader& reader) {
  if (reader.u8() != 0xFF) refuse("The JPEG is corrupt: a marker is missing.");
  std::uint32_t marker = reader.u8();
  while (marker == 0xFF) marker = reader.u8();  // fill bytes, B.1.1.2
  return marker;
}

class JpegWalk {
 public:
  JpegWalk(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept)
      : reader_(bytes, kTruncated), limits_(limits), kept_(kept) {}

  Size run();

 private:
  Segment next_segment();
  std::string_view read_scan_data();
  void read_segment(const Segment& segment);
  void read_frame(std::uint32_t marker, ByteReader segment);
  void read_scan(ByteReader segment);
  void keep_segment(const Segment& segment);
  void keep_application(const Segment& segment);
  void keep_exif(const Segment& segment);
  void keep_data(const Segment& segment, const std::string& data);

  ByteReader reader_;
  const ImageLimits& limits_;
  KeptBytes& kept_;
  ExifReducer exif_;
  std::optional<Size> size_;
  std::uint32_t components_ = 0;  // of the latest frame; 0 before the first
  bool hierarchical_ = false;
  bool scanned_ = false;
};

Size JpegWalk::run() {
  kept_.keep(reader_.take(2));  // SOI
  Segment segment = next_segment();
  for (; segment.marker != kEndOfImage; segment = next_segment()) {
    read_segment(segment);
    keep_segment(segment);
    if (segment.marker == kStartOfScan) kept_.keep(read_scan_data());
  }
  if (!size_ || !scanned_) refuse("The JPEG is corrupt: it holds no image data.");
  kept_.keep(segment.whole);
  return *size_;
}

Segment JpegWalk::next_segment() {
  const std::string_view start = reader_.rest();
  const std::uint32_t marker = next_marker(reader_);
  if (marker == kEndOfImage) return {marker, {}, reader_.read_since(start)};
  if (!starts_segment(marker))
    refuse("The JPEG is corrupt: it holds a marker that does not belong there.");
  const std::uint32_t length = reader_.u16_be();
  if (length < 2) refuse(kShortSegment);  // the length counts its own two bytes
  const std::string_view data = reader_.take(length - 2);
  return {marker, data, reader_.read_since(start)};
}

// Up to the next segment. In entropy-coded data FF 00 is a data byte FF and a restart marker is
// part of the data.
std::string_view JpegWalk::read_scan_data() {
  const std::string_view start = reader_.rest();
  for (;;) {
    reader_.skip_to('\xFF');
    ByteReader ahead = reader_;
    const std::uint32_t marker = next_marker(ahead);
    if (marker != 0 && !is_restart(marker)) return reader_.read_since(start);
    reader_ = ahead;
  }
}

void JpegWalk::read_segment(const Segment& segment) {
  const ByteReader data(segment.data, kShortSegment);
  if (is_frame(segment.marker) || segment.marker == kHierarchy)
    read_frame(segment.marker, data);
  if (segment.marker == kStartOfScan) read_scan(data);
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

void JpegWalk::keep_segment(const Segment& segment) {
  if (is_application(segment.marker)) {
    keep_application(segment);
  } else if (segment.marker != kComment) {
    kept_.keep(segment.whole);
  }
}

// Decoders pass over a JFIF or Adobe segment that is too short, and over what is behind the
// bytes they know.
void JpegWalk::keep_application(const Segment& segment) {
  const std::string_view data = segment.data;
  if (segment.marker == kApp0 && data.starts_with(kJfif) && data.size() >= kJfifSize) {
    const std::size_t before_thumbnail = kJfifSize - kNoThumbnail.size();
    keep_data(segment, std::string(data, 0, before_thumbnail).append(kNoThumbnail));
  } else if (segment.marker == kApp1 && data.starts_with(kExif)) {
    keep_exif(segment);
  } else if (segment.marker == kApp2 && data.starts_with(kIccProfile)) {
    kept_.keep(segment.whole);
  } else if (segment.marker == kApp14 && data.starts_with(kAdobe) &&
             data.size() >= kAdobeSize) {
    keep_data(segment, std::string(data, 0, kAdobeSize));
  }
}

void JpegWalk::keep_exif(const Segment& segment) {
  const std::string orientation = exif_.reduce(segment.data.substr(kExif.size()));
  if (!orientation.empty()) keep_data(segment, std::string(kExif) + orientation);
}

// Keeps the segment with no more than this in it, at most 255 bytes.
void JpegWalk::keep_data(const Segment& segment, const std::string& data) {
  if (segment.data == data) return kept_.keep(segment.whole);
  const char start[] = {'\xFF', static_cast<char>(segment.marker), '\0',
                        static_cast<char>(data.size() + 2)};
  kept_.add(std::string(start, sizeof start) + data);
}

}  // namespace

bool starts_like_jpeg(std::string_view bytes) {
  return bytes.substr(0, 3) == "\xFF\xD8\xFF";
}

Size walk_jpeg(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept) {
  return JpegWalk(bytes, limits, kept).run();
}

}  // namespace photodrop
