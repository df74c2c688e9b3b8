#include "http/header_params.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace photodrop {
namespace {

struct Escape {
  std::string_view text;
  char meaning;
};

constexpr std::string_view kTokenChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
constexpr Escape kEscapes[] = {{"\\\"", '"'}, {"%22", '"'}, {"%0d", '\r'}, {"%0a", '\n'}};

// Each take_ function removes from the front of `rest` what it returns or recognises.

bool take_char(std::string_view& rest, char c) {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

std::string_view take_token(std::string_view& rest) {
  const auto token = rest.substr(0, rest.find_first_not_of(kTokenChars));
  rest.remove_prefix(token.size());
  return token;
}

// An escape must leave room for the closing quote; the last `\"` of a header is none.
bool starts_with_escape(std::string_view rest, std::string_view escape) {
  return rest.size() > escape.size() &&
         equals_ignoring_case(rest.substr(0, escape.size()), escape);
}

char take_quoted_char(std::string_view& rest) {
  for (const Escape& escape : kEscapes) {
    if (!starts_with_escape(rest, escape.text)) continue;
    rest.remove_prefix(escape.text.size());
    return escape.meaning;
  }
  const char c = rest.front();
  rest.remove_prefix(1);
  return c;
}

// The opening quote is gone already.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  while (!rest.empty()) {
    if (take_char(rest, '"')) return text;
    text += take_quoted_char(rest);
  }
  return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& rest) {
  if (take_char(rest, '"')) return take_quoted(rest);
  const std::string_view token = take_token(rest);
  if (token.empty()) return std::nullopt;
  return std::string(token);
}

std::optional<HeaderParam> take_param(std::string_view& rest) {
  const std::string_view name = take_token(rest);
  if (name.empty() || !take_char(rest, '=')) return std::nullopt;
  auto value = take_value(rest);
  if (!value) return std::nullopt;
  return HeaderParam{lower_ascii(name), std::move(*value)};
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kTokenChars) == std::string_view::npos;
}

std::optional<HeaderValue> parse_header_value(std::string_view header) {
  const std::size_t end = std::min(header.find(';'), header.size());
  HeaderValue out{trim(header.substr(0, end)), {}};
  std::string_view rest = trim(header.substr(end));
  while (take_char(rest, ';')) {
    rest = trim(rest);
    if (rest.empty() || rest.front() == ';') continue;
    auto param = take_param(rest);
    if (!param) return std::nullopt;
    out.params.push_back(std::move(*param));
    rest = trim(rest);
  }
  if (!rest.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> find_param(const HeaderValue& header, std::string_view name) {
  const auto is_it = [name](const HeaderParam& param) { return param.name == name; };
  const auto end = header.params.end();
  const auto found = std::find_if(header.params.begin(), end, is_it);
  if (found == end) return std::nullopt;
  if (std::any_of(found + 1, end, is_it)) {
    throw Error(Fault::malformed_upload,
                "The parameter " + std::string(name) + " is given twice in one header.");
  }
  return found->value;
}

}  // namespace photodrop
