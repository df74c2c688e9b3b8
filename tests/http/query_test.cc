#include "http/query.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace photodrop {
namespace {

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
