// Small, locale-free operations on text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

// ASCII letters in lower case; every other byte as it is.
std::string lower_ascii(std::string_view text);

// Equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// Without the spaces and tabs at both ends.
std::string_view trim(std::string_view text);

// Takes off `rest` what stands before the first `separator`, and that separator; all of it when
// there is none.
std::string_view take_until(std::string_view& rest, char separator);

// Decimal digits with an optional minus sign, the whole text and nothing else; nullopt when it
// is empty, has a plus sign or a space, or does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);

// Well-formed UTF-8 without control characters: each ill-formed byte becomes U+FFFD, controls
// (C0, DEL, C1) are dropped. What comes out is safe in JSON, in PostgreSQL's text and in a log.
std::string clean_text(std::string_view text);

// The longest prefix of at most `max_bytes` bytes that cuts no UTF-8 sequence of `text`.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

// Percent-encodes every byte but RFC 3986 §2.3's unreserved ones, with upper-case digits; '/'
// too is kept when `keep_slash`.
std::string percent_encode(std::string_view text, bool keep_slash = false);

// Decodes percent-escapes (RFC 3986 §2.1). An escape that is none is taken as it stands.
std::string percent_decode(std::string_view text);

// The same where a '+' stands for a space (the form encoding of the URL Standard §5); one that
// is meant is encoded.
std::string form_decode(std::string_view text);

}  // namespace photodrop
