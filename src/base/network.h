// Networks as nginx's `allow` takes them.
#pragma once

#include <string_view>

namespace photodrop {

// An IPv4 or IPv6 address, with or without the length of a prefix: 10.0.0.0/8, ::1.
bool is_network(std::string_view text);

}  // namespace photodrop
