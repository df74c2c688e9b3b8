// Header values with parameters: `value; name=token; name="quoted string"`, the form of
// Content-Type (RFC 9110 §5.6.6) and of Content-Disposition (RFC 2183 §2).
//
// Quoted strings are read as browsers write them (RFC 7578 §2, HTML's multipart/form-data
// encoding), not by RFC 9110's quoted-pair rule: `\"` is a quote, `%22`, `%0D` and `%0A` in
// either case are a quote, CR and LF, and every other backslash or percent sign is itself, for
// a client that sends the path C:\new\a.jpg means just that. A `\"` that ends the header is a
// backslash and the closing quote: nothing else could close the string.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace photodrop {

struct HeaderParam {
  std::string name;  // in lower case
  std::string value;
};

struct HeaderValue {
  std::string_view value;  // the part before the first ';', a view into the header
  std::vector<HeaderParam> params;
};

// `header` taken apart in linear time. Nullopt when it is not of the form above: a name or an
// unquoted value that is not a token, space around '=', a quote never closed, text after a
// value. Empty parameters (`a; ; b=c;`) are passed over, as RFC 9110 has it.
std::optional<HeaderValue> parse_header_value(std::string_view header);

// The value of the parameter `name` (in lower case), nullopt when there is none. Throws
// Error{malformed_upload} when it is given twice, for two readers may pick two different ones.
std::optional<std::string> find_param(const HeaderValue& header, std::string_view name);

// A token of RFC 9110 §5.6.2: one or more letters, digits and !#$%&'*+-.^_`|~
bool is_token(std::string_view text);

}  // namespace photodrop
