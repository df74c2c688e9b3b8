#include "http/content_disposition.h"

#include <algorithm>

#include "base/text.h"

namespace photodrop {
namespace {

// Some clients decode escapes even here, where there should be none: RFC 6266 appendix D.
bool is_misread(char c) {
  return c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%';
}

}  // namespace

std::string inline_disposition(std::string_view filename) {
  if (filename.empty()) return "inline";
  std::string ascii(filename);
  std::replace_if(ascii.begin(), ascii.end(), is_misread, '_');
  std::string header = "inline; filename=\"" + ascii + "\"";
  if (ascii != filename) header += "; filename*=UTF-8''" + percent_encode(filename);
  return header;
}

}  // namespace photodrop
