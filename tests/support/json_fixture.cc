#include "support/json_fixture.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace photodrop {
namespace {

JsonValue convert(const rapidjson::Value& value);

std::string text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

JsonValue::Items items_of(const rapidjson::Value& array) {
  JsonValue::Items items;
  for (const auto& item : array.GetArray()) items.push_back(convert(item));
  return items;
}

JsonValue::Members members_of(const rapidjson::Value& object) {
  JsonValue::Members members;
  for (const auto& [name, value] : object.GetObject()) {
    members.emplace_back(text_of(name), convert(value));
  }
  return members;
}

// Copied out at once: RapidJSON 1.1's own == recurses without end under C++20
// (Tencent/rapidjson#1846), and no test should be able to reach it.
JsonValue convert(const rapidjson::Value& value) {
  if (value.IsNull()) return JsonValue(nullptr);
  if (value.IsBool()) return JsonValue(value.GetBool());
  if (value.IsInt64()) return JsonValue(std::int64_t{value.GetInt64()});
  if (value.IsNumber()) return JsonValue(value.GetDouble());
  if (value.IsString()) return JsonValue(text_of(value));
  if (value.IsArray()) return JsonValue(items_of(value));
  return JsonValue(members_of(value));
}

template <class T>
const T& expect(const JsonValue::Value& value, const char* what) {
  if (const T* held = std::get_if<T>(&value)) return *held;
  throw std::runtime_error(std::string("this JSON value is not ") + what);
}

}  // namespace

JsonValue::JsonValue(Value value) : value_(std::move(value)) {}

bool JsonValue::flag() const {
  return expect<bool>(value_, "a boolean");
}

std::int64_t JsonValue::number() const {
  return expect<std::int64_t>(value_, "an integer");
}

const std::string& JsonValue::text() const {
  return expect<std::string>(value_, "a string");
}

const JsonValue::Items& JsonValue::items() const {
  return expect<Items>(value_, "an array");
}

const JsonValue::Members& JsonValue::members() const {
  return expect<Members>(value_, "an object");
}

const JsonValue& JsonValue::operator[](std::string_view name) const {
  for (const auto& [member, value] : members()) {
    if (member == name) return value;
  }
  throw std::runtime_error("this JSON object has no member " + std::string(name));
}

JsonValue parse_json(std::string_view text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError()) {
    throw std::runtime_error(std::string("not JSON: ") +
                             rapidjson::GetParseError_En(document.GetParseError()));
  }
  return convert(document);
}

JsonValue read_json_fixture(const std::string& name) {
  std::ifstream file(TEST_DATA "/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read the fixture " + name);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_json(text);
}

}  // namespace photodrop
