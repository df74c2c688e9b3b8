#include "base/network.h"

#include <arpa/inet.h>

#include <string>

#include "base/text.h"

namespace photodrop {
namespace {

bool is_prefix_length(std::string_view text, std::int64_t bits) {
  const auto length = parse_integer(text);
  return length && std::to_string(*length) == text && *length >= 0 && *length <= bits;
}

}  // namespace

bool is_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  const bool is_v6 = address.find(':') != std::string::npos;
  in6_addr parsed{};  // large enough for both
  if (inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), &parsed) != 1) return false;
  return slash == std::string_view::npos ||
         is_prefix_length(text.substr(slash + 1), is_v6 ? 128 : 32);
}

}  // namespace photodrop
