#include "base/json.h"

#include <gtest/gtest.h>

#include "support/json_fixture.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

std::string json_of(std::string_view text) {
  Json json;
  json.value(text);
  return std::string(json.text());
}

TEST(Json, WritesObjectsAndArraysInOrder) {
  Json json;
  json.begin_object().key("id").value(7).key("tags").begin_array();
  json.value("a").value("b").end_array().key("empty").begin_object().end_object().end_object();
  EXPECT_EQ(json.text(), R"({"id":7,"tags":["a","b"],"empty":{}})");
}

TEST(Json, GoesOnWhereItWasAfterItsTextIsForgotten) {
  Json json;
  json.begin_array().value(1);
  EXPECT_EQ(json.text(), "[1");
  json.forget_text();
  json.value(2).begin_object().key("a");
  EXPECT_EQ(json.text(), ",2,{\"a\"");
  json.forget_text();
  json.value(3).end_object().end_array();
  EXPECT_EQ(json.text(), ":3}]");
  json.clear();
  EXPECT_EQ(json.value(4).text(), "4");
}

TEST(Json, EscapesACharacterWhereverItStands) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '"';
      Json json;
      json.value(text);
      EXPECT_EQ(json.text(),
                "\"" + std::string(at, 'a') + "\\\"" + std::string(size - at - 1, 'a') + "\"");
    }
  }
}

TEST(Json, EscapesWhatAStringMayNotHold) {
  EXPECT_EQ(json_of("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json_of("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json_of("\0\x01\x1F"s), R"("\u0000\u0001\u001F")");
  EXPECT_EQ(json_of("\x7F/<>&'"), "\"\x7F/<>&'\"");
}

TEST(Json, WritesUtf8AsItIs) {
  EXPECT_EQ(json_of("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST(Json, GivesEveryStringBackToAParser) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text = "a"s + static_cast<char>(byte) + "b";
    EXPECT_EQ(parse_json(json_of(text)).text(), text) << byte;
  }
}

TEST(Json, TakesAViewOfNothing) {
  EXPECT_EQ(json_of({}), R"("")");
  Json json;
  json.begin_object().key({}).value(1).end_object();
  EXPECT_EQ(json.text(), R"({"":1})");
}

TEST(Json, WritesNumbers) {
  Json json;
  json.begin_array().value(0).value(-1).value(INT64_MAX).value(INT64_MIN);
  json.value(0.5).value(1e300).value(-2.0).end_array();
  EXPECT_EQ(json.text(), "[0,-1,9223372036854775807,-9223372036854775808,0.5,1e300,-2.0]");
}

TEST(Json, WritesBooleansAsSuch) {
  Json json;
  json.begin_array().value(true).value(false).end_array();
  EXPECT_EQ(json.text(), "[true,false]");
}

TEST(Json, WritesNullForWhatThereIsNot) {
  Json json;
  json.begin_array().null();
  json.value(std::optional<std::string>()).value(std::optional<std::string>("a"));
  json.value(std::optional<std::int64_t>()).value(std::optional<std::int64_t>(0)).end_array();
  EXPECT_EQ(json.text(), R"([null,null,"a",null,0])");
}

TEST(Json, ForgetsWhenCleared) {
  Json json;
  json.begin_object().key("half").begin_array();
  json.clear();
  EXPECT_EQ(json.text(), "");
  json.begin_object().key("id").value(1).end_object();
  EXPECT_EQ(json.text(), R"({"id":1})");
}

TEST(Json, HoldsAsMuchAsItIsGiven) {
  Json json;
  json.begin_array();
  for (int i = 0; i < 20000; ++i) json.value("0123456789");
  json.end_array();
  EXPECT_EQ(json.text().size(), 20000U * 13 + 1);
}

}  // namespace
}  // namespace photodrop
