// A writer of JSON text (RFC 8259). The only user of RapidJSON.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

// Writes one value after another into a buffer of its own. The caller keeps the grammar: a key
// before each member, as many ends as begins. Strings must be well-formed UTF-8 (clean_text).
//
//   Json json;
//   json.begin_object().key("id").value(7).end_object();
//   json.text();  // {"id":7}
class Json {
 public:
  Json();
  ~Json();
  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;

  Json& begin_object();
  Json& end_object();
  Json& begin_array();
  Json& end_array();
  Json& key(std::string_view name);
  Json& value(std::string_view text);
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(std::int64_t number);
  Json& value(int number) { return value(static_cast<std::int64_t>(number)); }
  Json& value(double number);  // finite
  Json& value(bool flag);
  Json& null();

  // The value, or null when there is none.
  template <class T>
  Json& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }

  // What was written; the view dies with the next call on this writer.
  std::string_view text() const;

  // Forgets the text but not the place in it: what is written next goes on from there.
  void forget_text();

  // Forgets what was written and starts anew, keeping the buffer.
  void clear();

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace photodrop
