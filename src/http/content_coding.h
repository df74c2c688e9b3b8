// Content codings (RFC 9110 §8.4.1): how an answer may be compressed.
#pragma once

#include <string_view>

namespace photodrop {

// Whether the header Accept-Encoding (RFC 9110 §12.5.3) names gzip, with a weight above 0. "*",
// which nginx does not read as gzip either, is not taken for it, and what is not of the
// header's form is passed over.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace photodrop
