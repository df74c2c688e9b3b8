#include "http/header_params.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

// The value of the parameter `a` of "x; " + `param`, or "malformed".
std::string value_of(const std::string& param) {
  const std::string text = "x; " + param;
  const auto header = parse_header_value(text);
  return header ? find_param(*header, "a").value_or("absent") : "malformed";
}

TEST(HeaderParams, TakesAHeaderApart) {
  const std::string text = " form-data ;Name=photo;\tb=\"c;d=e\" ; f*=utf-8''g ";
  const auto header = parse_header_value(text);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->value, "form-data");
  ASSERT_EQ(header->params.size(), 3U);
  EXPECT_EQ(find_param(*header, "name"), "photo");
  EXPECT_EQ(find_param(*header, "b"), "c;d=e");
  EXPECT_EQ(find_param(*header, "f*"), "utf-8''g");
  EXPECT_EQ(find_param(*header, "f"), std::nullopt);
}

TEST(HeaderParams, AreOptionalAndMayBeEmpty) {
  for (const std::string& text : {"x"s, "x;"s, "x ; ;; "s}) {
    const auto header = parse_header_value(text);
    ASSERT_TRUE(header) << text;
    EXPECT_EQ(header->value, "x");
    EXPECT_TRUE(header->params.empty());
  }
  EXPECT_EQ(parse_header_value("")->value, "");
}

TEST(HeaderParams, RefuseWhatIsNotInTheGrammar) {
  for (const std::string& param :
       {"a"s, "=b"s, "a="s, "a =b"s, "a= b"s, "a=b c"s, "a=b\"c\""s, "a=\"b\"c"s, "a=\"b"s,
        "a=\""s, "a=b,c"s, "a=b=c"s, "a=\xC3\xBC"s, "a=b\0"s, "a(c)=b"s, "\"a\"=b"s}) {
    EXPECT_EQ(value_of(param), "malformed") << param;
  }
}

TEST(HeaderParams, DecodeTheEscapesOfBrowsersAndNoOthers) {
  EXPECT_EQ(value_of(R"(a="")"), "");
  EXPECT_EQ(value_of(R"(a="b\"c%22d")"), R"(b"c"d)");
  EXPECT_EQ(value_of("a=\"b%0D%0a%0dc\""), "b\r\n\rc");
  EXPECT_EQ(value_of(R"(a="C:\new\a.jpg")"), R"(C:\new\a.jpg)");
  EXPECT_EQ(value_of(R"(a="b\\c\\\"d")"), R"(b\\c\\"d)");
  EXPECT_EQ(value_of(R"(a="%2%41%00%2522%")"), R"(%2%41%00%2522%)");
  EXPECT_EQ(value_of(R"(a=b%22c)"), R"(b%22c)");
}

TEST(HeaderParams, KeepControlsAndOtherBytesOfAQuotedString) {
  EXPECT_EQ(value_of("a=\"b\0\x01\t\xFF\x7F\""s), "b\0\x01\t\xFF\x7F"s);
}

TEST(HeaderParams, ABackslashMayEndTheLastQuotedString) {
  EXPECT_EQ(value_of(R"(a="b\")"), R"(b\)");
  EXPECT_EQ(value_of(R"(a="b\\")"), R"(b\\)");
  EXPECT_EQ(value_of(R"(a="b\" )"), R"(b\)");
  EXPECT_EQ(value_of(R"(a="\")"), R"(\)");
  EXPECT_EQ(value_of(R"(a="b\"; c="d")"), "malformed");
}

TEST(HeaderParams, RefuseOneNameTwice) {
  try {
    value_of("a=b; A=b");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::malformed_upload);
    EXPECT_EQ(error.detail(), "The parameter a is given twice in one header.");
  }
  EXPECT_EQ(value_of("a=b; c=d; c=e"), "b");
}

TEST(HeaderParams, TokensAreVisibleAsciiWithoutSeparators) {
  EXPECT_TRUE(is_token("Content-Type"));
  EXPECT_TRUE(is_token("aZ09!#$%&'*+-.^_`|~"));
  EXPECT_FALSE(is_token(""));
  for (const char c : "()<>@,;:\\\"/[]?={} \t\r\n\x7F\x80"s) {
    EXPECT_FALSE(is_token(std::string(1, c))) << c;
  }
  EXPECT_FALSE(is_token("\0"s));
}

}  // namespace
}  // namespace photodrop
