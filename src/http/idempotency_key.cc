#include "http/idempotency_key.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace photodrop {
namespace {

constexpr std::size_t kMaxKeyBytes = 255;

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

bool is_bare(char c) {
  return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
}

// What stands between the quotes; nullopt when they are not around all of it. A backslash comes
// before a quote or another backslash, and nowhere else.
std::optional<std::string> unquote(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('"')) return std::nullopt;
  const std::string_view quoted = text.substr(1, text.size() - 2);
  std::string key;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (!is_printable(quoted[i]) || quoted[i] == '"') return std::nullopt;
    if (quoted[i] == '\\') {
      ++i;
      if (i == quoted.size() || (quoted[i] != '"' && quoted[i] != '\\')) return std::nullopt;
    }
    key += quoted[i];
  }
  return key;
}

std::optional<std::string> read_key(std::string_view text) {
  if (text.starts_with('"')) return unquote(text);
  if (!std::all_of(text.begin(), text.end(), is_bare)) return std::nullopt;
  return std::string(text);
}

}  // namespace

std::string parse_idempotency_key(std::string_view header) {
  const std::string_view text = trim(header);
  if (text.empty()) return {};
  auto key = read_key(text);
  if (!key || key->empty() || key->size() > kMaxKeyBytes) {
    throw Error(Fault::invalid_parameter,
                "The header Idempotency-Key must hold one key of 1 to 255 printable ASCII "
                "characters, best in double quotes.");
  }
  return std::move(*key);
}

}  // namespace photodrop
