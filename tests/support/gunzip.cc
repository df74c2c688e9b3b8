#include "support/gunzip.h"

#define ZLIB_CONST
#include <zlib.h>

#include <array>
#include <stdexcept>

namespace photodrop::testing {

std::string gunzip(std::string_view file) {
  constexpr int kGzipFormatOnly = 16;
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + kGzipFormatOnly) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<const Bytef*>(file.data());
  stream.avail_in = static_cast<uInt>(file.size());
  std::string text;
  std::array<char, 65536> buffer;
  int outcome = Z_OK;
  while (outcome == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = buffer.size();
    outcome = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (outcome != Z_STREAM_END || stream.avail_in != 0) throw std::runtime_error("no gzip file");
  return text;
}

}  // namespace photodrop::testing
