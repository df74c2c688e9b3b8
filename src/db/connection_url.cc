#include "db/connection_url.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace photodrop {
namespace {

struct Parameter {
  std::string_view name;
  std::string_view value;  // percent-encoded
};

// Kept in the URL, not set by SQL, so that a new session has them as well.
constexpr std::array<Parameter, 6> kSessionDefaults = {{
    {"connect_timeout", "2"},
    {"keepalives_idle", "30"},
    {"tcp_user_timeout", "2500"},
    {"application_name", "photodrop"},
    {"target_session_attrs", "read-write"},
    {"options",
     "-c%20statement_timeout%3D5000%20-c%20lock_timeout%3D2000"
     "%20-c%20idle_in_transaction_session_timeout%3D10000"},
}};

bool is_printable_ascii(char c) {
  return c > ' ' && c < '\x7F';
}

bool is_postgresql(std::string_view scheme) {
  const std::string_view dialect = scheme.substr(0, scheme.find('+'));
  return dialect == "postgresql" || dialect == "postgres";
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// What is no escape libpq would quote in its complaint, and it may be a password.
bool has_good_escapes(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const std::string_view digits = text.substr(at + 1, 2);
    if (digits.size() != 2 || digits == "00") return false;
    if (!std::all_of(digits.begin(), digits.end(), is_hex)) return false;
  }
  return true;
}

// "host", "host:port", "[::1]" or "[::1]:port".
bool is_good_host(std::string_view host) {
  std::size_t end = std::min(host.find(':'), host.size());
  if (host.starts_with('[')) {
    end = std::min(host.find(']'), host.size() - 1) + 1;
    if (end < 3 || host[end - 1] != ']') return false;
  }
  if (end == host.size()) return true;
  const auto port = parse_integer(host.substr(end + 1));
  return host[end] == ':' && port && *port >= 1 && *port <= 65535;
}

// Several hosts are separated by commas.
bool are_good_hosts(std::string_view hosts) {
  while (!hosts.empty()) {
    if (!is_good_host(take_until(hosts, ','))) return false;
  }
  return true;
}

// At most one '@', and that before the hosts; in a password it is written %40, as '/' is %2F
// and '?' is %3F. libpq takes the first for the password's end and quotes what is behind it.
bool has_clear_password(std::string_view rest, std::string_view authority) {
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos) return true;
  return at < authority.size() && rest.find('@', at + 1) == std::string_view::npos;
}

bool has_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view field = take_until(query, '&');
    if (take_until(field, '=') == name) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> connection_url(std::string_view database_url) {
  const std::size_t separator = database_url.find("://");
  if (separator == std::string_view::npos) return std::nullopt;
  if (!is_postgresql(database_url.substr(0, separator))) return std::nullopt;
  if (!std::all_of(database_url.begin(), database_url.end(), is_printable_ascii)) {
    return std::nullopt;
  }

  const std::string_view rest = database_url.substr(separator + 3);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  const std::string_view authority = rest.substr(0, std::min(rest.find('/'), question));
  const std::size_t hosts = authority.find('@') + 1;  // npos + 1 is 0
  if (rest.empty() || !has_good_escapes(rest) || !has_clear_password(rest, authority) ||
      !are_good_hosts(authority.substr(hosts))) {
    return std::nullopt;
  }

  const std::string_view query = rest.substr(std::min(question + 1, rest.size()));
  std::string url = "postgresql://" + std::string(rest.substr(0, question)) + "?";
  url += query;
  std::string_view joint = query.empty() ? "" : "&";
  for (const Parameter& parameter : kSessionDefaults) {
    if (has_parameter(query, parameter.name)) continue;
    url += joint;
    url.append(parameter.name).append("=").append(parameter.value);
    joint = "&";
  }
  return url;
}

}  // namespace photodrop
