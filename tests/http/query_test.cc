#include "http/query.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

TEST(PercentDecode, DecodesEscapesOfEitherCase) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%2f"), "a b/c/");
  EXPECT_EQ(percent_decode("%00%ff%C3%A4"), "\0\xFF\xC3\xA4"s);
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, DecodesOnce) {
  EXPECT_EQ(percent_decode("%2525"), "%25");
}

TEST(PercentDecode, TakesAnEscapeThatIsNoneAsItStands) {
  for (const std::string text :
       {"%", "%4", "a%", "a%4", "%zz", "%4z", "%z4", "%+1", "%-1", "% 1", "%0x", "%%"}) {
    EXPECT_EQ(percent_decode(text), text);
  }
  EXPECT_EQ(percent_decode("%%41"), "%A");
  EXPECT_EQ(percent_decode("%4%41"), "%4A");
}

TEST(PercentDecode, LeavesAPlusAlone) {
  EXPECT_EQ(percent_decode("a+b"), "a+b");
}

TEST(ParseQuery, SplitsNamesAndValues) {
  EXPECT_EQ(parse_query("limit=10&order=desc"),
            (QueryFields{{"limit", "10"}, {"order", "desc"}}));
  EXPECT_EQ(parse_query("a=b=c"), (QueryFields{{"a", "b=c"}}));
}

TEST(ParseQuery, TakesWhatIsMissingForEmpty) {
  EXPECT_EQ(parse_query(""), QueryFields{});
  EXPECT_EQ(parse_query("a"), (QueryFields{{"a", ""}}));
  EXPECT_EQ(parse_query("a="), (QueryFields{{"a", ""}}));
  EXPECT_EQ(parse_query("=b"), (QueryFields{{"", "b"}}));
  EXPECT_EQ(parse_query("="), (QueryFields{{"", ""}}));
}

TEST(ParseQuery, PassesOverEmptyFields) {
  EXPECT_EQ(parse_query("&&a=1&&&b=2&"), (QueryFields{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(parse_query("&"), QueryFields{});
}

TEST(ParseQuery, DecodesNamesAndValuesAfterItSplitThem) {
  EXPECT_EQ(parse_query("a%26b=c%3Dd%26e&x+y=1+2%2B3"),
            (QueryFields{{"a&b", "c=d&e"}, {"x y", "1 2+3"}}));
}

TEST(ParseQuery, KeepsFieldsOfOneNameApart) {
  EXPECT_EQ(parse_query("a=1&a=2"), (QueryFields{{"a", "1"}, {"a", "2"}}));
}

TEST(FindField, FindsTheValue) {
  const QueryFields fields = parse_query("a=1&b=&c");
  EXPECT_EQ(find_field(fields, "a"), "1");
  EXPECT_EQ(find_field(fields, "b"), "");
  EXPECT_EQ(find_field(fields, "c"), "");
  EXPECT_EQ(find_field(fields, "A"), std::nullopt);
  EXPECT_EQ(find_field({}, "a"), std::nullopt);
}

TEST(FindField, RefusesAFieldThatIsGivenTwice) {
  const QueryFields fields = parse_query("limit=1&other=2&limit=1");
  try {
    find_field(fields, "limit");
    FAIL() << "took one of the two";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_parameter);
    EXPECT_EQ(error.detail(), "The parameter limit is given more than once.");
  }
  EXPECT_EQ(find_field(fields, "other"), "2");
}

}  // namespace
}  // namespace photodrop
