// multipart/form-data (RFC 7578) over one contiguous body: strict, linear, without a copy of
// any content. What is ambiguous is refused, never guessed, so that no two readers of one
// upload can see two different forms in it.
//
// The grammar is RFC 2046 §5.1.1, narrowed:
//  - A delimiter stands at the start of the body or after CRLF. SP and HT may follow it, then
//    CRLF; the closing one ends in `--` and may also end the body. "CRLF--boundary" before
//    anything else, and "--boundary" after a bare LF, are refused rather than taken for
//    content.
//  - A few bytes may come before the first delimiter; what comes after the closing line is
//    ignored. Without the closing delimiter the upload is truncated.
//  - Header lines are `token: value`, end in CRLF, and are never folded. Each part has just one
//    Content-Disposition, of type form-data, with just one `name`; a second `filename`,
//    Content-Type or Content-Transfer-Encoding is refused too. `name*` and `filename*` are
//    ignored (RFC 7578 §4.2 forbids them), as are all other headers.
//  - Content-Transfer-Encoding may say no more than binary, 8bit or 7bit (RFC 7578 §4.7).
// How quoted strings are read is told in http/header_params.h.
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
  std::optional<std::string> filename;  // the same, not yet cleaned: it may hold NUL or a path
  std::string_view content_type;        // the media type without parameters; empty when absent
  std::string_view content;
};

// The limits. All are inclusive; going over one refuses the upload.
inline constexpr std::size_t kMaxParts = 16;
inline constexpr std::size_t kMaxPartHeaders = 8;
inline constexpr std::size_t kMaxPartHeaderBytes = 8192;  // room for a name of 4 KB
inline constexpr std::size_t kMaxPreambleBytes = 1024;
inline constexpr std::size_t kMaxTextFieldBytes = 4096;  // a part without a filename
inline constexpr std::size_t kMaxBoundaryBytes = 70;     // RFC 2046 §5.1.1

// The parts of `body` in their order; none for an empty form. `content_type` is the request's
// whole Content-Type header. Names may repeat: what a form must hold is for the caller to say.
// Throws Error{malformed_upload} with a sentence that says what is wrong.
std::vector<FormPart> parse_multipart(std::string_view content_type, std::string_view body);

// The media type of a Content-Type header: lower case, without parameters and space.
std::string media_type_of(std::string_view content_type);

}  // namespace photodrop
