#include "base/json.h"

// Lets RapidJSON look for what it has to escape in 16 characters at a time.
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace photodrop {

struct Json::Writer {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json{buffer};
};

namespace {

rapidjson::SizeType length(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

// RapidJSON wants a pointer even to no characters.
const char* characters(std::string_view text) {
  return text.empty() ? "" : text.data();
}

}  // namespace

Json::Json() : writer_(std::make_unique<Writer>()) {}
Json::~Json() = default;

Json& Json::begin_object() {
  writer_->json.StartObject();
  return *this;
}

Json& Json::end_object() {
  writer_->json.EndObject();
  return *this;
}

Json& Json::begin_array() {
  writer_->json.StartArray();
  return *this;
}

Json& Json::end_array() {
  writer_->json.EndArray();
  return *this;
}

Json& Json::key(std::string_view name) {
  writer_->json.Key(characters(name), length(name));
  return *this;
}

Json& Json::value(std::string_view text) {
  writer_->json.String(characters(text), length(text));
  return *this;
}

Json& Json::value(std::int64_t number) {
  writer_->json.Int64(number);
  return *this;
}

Json& Json::value(double number) {
  writer_->json.Double(number);
  return *this;
}

Json& Json::value(bool flag) {
  writer_->json.Bool(flag);
  return *this;
}

Json& Json::null() {
  writer_->json.Null();
  return *this;
}

std::string_view Json::text() const {
  return {writer_->buffer.GetString(), writer_->buffer.GetSize()};
}

void Json::forget_text() {
  writer_->buffer.Clear();
}

void Json::clear() {
  writer_->buffer.Clear();
  writer_->json.Reset(writer_->buffer);
}

}  // namespace photodrop
