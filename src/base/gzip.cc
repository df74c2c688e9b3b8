#include "base/gzip.h"

#define ZLIB_CONST
#include <zlib.h>

#include <new>
#include <stdexcept>

namespace photodrop {
namespace {

constexpr int kGzipFormat = 16;  // added to the window's bits: gzip's frame, not zlib's own
constexpr int kMemoryLevel = 8;  // zlib's default

struct Deflater {
  z_stream stream{};

  Deflater() {
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzipFormat, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
};

}  // namespace

// One call does it: there is room for whatever may come out.
std::string gzip(std::string_view text) {
  Deflater deflater;
  z_stream& stream = deflater.stream;
  std::string file(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<const Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(file.data());
  stream.avail_out = static_cast<uInt>(file.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::logic_error("zlib took more room");
  file.resize(stream.total_out);
  return file;
}

}  // namespace photodrop
