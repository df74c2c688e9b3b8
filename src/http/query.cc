#include "http/query.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace photodrop {
QueryFields parse_query(std::string_view query) {
  QueryFields fields;
  while (!query.empty()) {
    const std::string_view field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(field.size() + 1, query.size()));
    if (field.empty()) continue;
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string_view value = field.substr(std::min(equals + 1, field.size()));
    fields.emplace_back(form_decode(field.substr(0, equals)), form_decode(value));
  }
  return fields;
}

std::optional<std::string_view> find_field(const QueryFields& fields, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [field, value] : fields) {
    if (field != name) continue;
    if (found) {
      throw Error(Fault::invalid_parameter,
                  "The parameter " + std::string(name) + " is given more than once.");
    }
    found = value;
  }
  return found;
}

}  // namespace photodrop
