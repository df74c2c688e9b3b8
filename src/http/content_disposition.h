// The header by which a browser learns under which name to save what it shows: RFC 6266.
#pragma once

#include <string>
#include <string_view>

namespace photodrop {

// `inline`, with the name (UTF-8, without controls: clean_filename()) once as ASCII for old
// clients, what they could misread made '_', and when that differs once more in full, by
// RFC 8187. An empty name is left out.
std::string inline_disposition(std::string_view filename);

}  // namespace photodrop
