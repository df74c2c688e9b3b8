// The query component of a URL as names and values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace photodrop {

using QueryFields = std::vector<std::pair<std::string, std::string>>;

// Splits `query` at '&' and the first '=', and decodes escapes and '+' (the form encoding of
// the URL Standard §5).
QueryFields parse_query(std::string_view query);

// The value of the field `name`; nullopt when there is none. Throws Error{invalid_parameter}
// when it is given more than once: which of them counts would be a guess.
std::optional<std::string_view> find_field(const QueryFields& fields, std::string_view name);

}  // namespace photodrop
