// JSON (RFC 8259) that a test reads: a fixture, an answer, a line of a test program's input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace photodrop {

// One value and all that is inside it. A reader asks for what it expects; anything else throws
// std::runtime_error, so that a misspelt name fails a test instead of passing it.
//
//   const JsonValue photo = parse_json(R"({"id":7,"tags":["a"]})");
//   photo["id"].number();             // 7
//   photo["tags"].items()[0].text();  // a
class JsonValue {
 public:
  using Items = std::vector<JsonValue>;
  using Members = std::vector<std::pair<std::string, JsonValue>>;
  using Value =
      std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Items, Members>;

  explicit JsonValue(Value value);

  bool flag() const;
  std::int64_t number() const;  // an integer
  const std::string& text() const;
  const Items& items() const;
  const Members& members() const;

  // The member of that name.
  const JsonValue& operator[](std::string_view name) const;

 private:
  Value value_;
};

// The one value that `text` holds. Throws std::runtime_error when it is not JSON.
JsonValue parse_json(std::string_view text);

// The same of a file in tests/data, named relative to it: "sigv4/vectors.json".
JsonValue read_json_fixture(const std::string& name);

}  // namespace photodrop
