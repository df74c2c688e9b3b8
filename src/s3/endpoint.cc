#include "s3/endpoint.h"

#include <algorithm>

#include "base/text.h"

namespace photodrop::s3 {
namespace {

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
  return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const auto address = host.substr(1, host.size() - 2);
    return std::all_of(address.begin(), address.end(), is_address_character);
  }
  return !host.empty() && std::all_of(host.begin(), host.end(), is_host_character);
}

// Splits "host:port"; the port is empty when there is none.
std::pair<std::string_view, std::string_view> split_port(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.back() == ']') return {authority, {}};
  return {authority.substr(0, colon), authority.substr(colon + 1)};
}

std::int64_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view url) {
  const std::size_t separator = url.find("://");
  if (separator == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower_ascii(url.substr(0, separator));
  if (scheme != "http" && scheme != "https") return std::nullopt;

  std::string authority = lower_ascii(url.substr(separator + 3));
  if (!authority.empty() && authority.back() == '/') authority.pop_back();
  if (authority.empty()) return std::nullopt;
  const auto [host, port] = split_port(authority);
  if (!is_host(host)) return std::nullopt;
  if (host.size() == authority.size()) return Endpoint{scheme, authority};
  const auto number = parse_integer(port);
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  if (*number == default_port(scheme)) return Endpoint{scheme, std::string(host)};
  return Endpoint{scheme, std::string(host) + ":" + std::to_string(*number)};
}

Addressing default_addressing(const Endpoint& endpoint) {
  const bool is_aws =
      endpoint.host.ends_with(".amazonaws.com") || endpoint.host.ends_with(".amazonaws.com.cn");
  return is_aws ? Addressing::virtual_host : Addressing::path;
}

ObjectAddress address_of(const Bucket& bucket, std::string_view key) {
  const std::string path = "/" + percent_encode(key, true);
  const Endpoint& endpoint = bucket.endpoint;
  if (bucket.addressing == Addressing::virtual_host) {
    return {endpoint.scheme, bucket.name + "." + endpoint.host, path};
  }
  return {endpoint.scheme, endpoint.host, "/" + bucket.name + path};
}

}  // namespace photodrop::s3
