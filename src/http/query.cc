#include "http/query.h"

#include "base/error.h"
#include "base/text.h"

namespace photodrop {
QueryFields parse_query(std::string_view query) {
  QueryFields fields;
  while (!query.empty()) {
    std::string_view field = take_until(query, '&');
    if (field.empty()) continue;
    const std::string_view name = take_until(field, '=');
    fields.emplace_back(form_decode(name), form_decode(field));
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
