// Compressed text. The only user of zlib.
#pragma once

#include <string>
#include <string_view>

namespace photodrop {

// `text`, of less than 4 GiB, as a gzip file (RFC 1952), made in the least time rather than the
// least space.
std::string gzip(std::string_view text);

}  // namespace photodrop
