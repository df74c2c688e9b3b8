// multipart/form-data (RFC 7578) over one contiguous body: strict, linear, without a copy.
// What is ambiguous is refused, never guessed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace photodrop {

// One part of a form. Views point into the body that was parsed and live as long as it.
struct FormPart {
  std::string name;                     // as sent, %22 %0D %0A decoded
  std::optional<std::string> filename;  // as sent, %22 %0D %0A decoded, not yet cleaned
  std::string_view content_type;        // the media type without parameters; empty when absent
  std::string_view content;
};

// The parts of `body` in their order, at most kMaxParts of them. `content_type` is the request's
// whole Content-Type header. Throws Error{malformed_upload} with a sentence that says what is
// wrong.
std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body);

inline constexpr std::size_t kMaxParts = 16;
inline constexpr std::size_t kMaxPartHeaders = 8;
inline constexpr std::size_t kMaxPartHeaderBytes = 8192;  // room for a name of 4 KB
inline constexpr std::size_t kMaxPreambleBytes = 1024;
inline constexpr std::size_t kMaxTextFieldBytes = 4096;  // a part without a filename

// The media type of a Content-Type header: lower case, without parameters and space.
std::string media_type_of(std::string_view content_type);

}  // namespace photodrop
