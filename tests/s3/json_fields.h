// Names and values as test data spell them: [["Host", "example.com"], …].
#pragma once

#include <vector>

#include "s3/signer.h"
#include "support/json_fixture.h"

namespace photodrop::s3 {

inline std::vector<Field> fields_of(const JsonValue& pairs) {
  std::vector<Field> fields;
  for (const JsonValue& pair : pairs.items()) {
    fields.emplace_back(pair.items().at(0).text(), pair.items().at(1).text());
  }
  return fields;
}

}  // namespace photodrop::s3
