#include "api/list_query.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace photodrop {
namespace {

constexpr std::int64_t kListMax = 1000;

Page page_of(std::string_view query) {
  return parse_list_query(query, kListMax);
}

// The sentence with which the query is refused; "accepted" when it is not.
std::string refusal_of(std::string_view query) {
  try {
    page_of(query);
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_parameter);
    return error.detail();
  }
}

TEST(ListQuery, WithoutParametersIsTheFirstPageOfTheMost) {
  for (const char* const query : {"", "&", "&&", "unknown=1", "Limit=5", "limits=5"}) {
    const Page page = page_of(query);
    EXPECT_EQ(page.after, std::nullopt) << query;
    EXPECT_EQ(page.limit, kListMax) << query;
    EXPECT_EQ(page.order, Order::ascending) << query;
  }
}

TEST(ListQuery, TakesEachParameter) {
  const Page page = page_of("limit=20&after=7&order=desc");
  EXPECT_EQ(page.limit, 20);
  EXPECT_EQ(page.after, 7);
  EXPECT_EQ(page.order, Order::descending);
  EXPECT_EQ(page_of("order=asc").order, Order::ascending);
  EXPECT_EQ(page_of("%6Cimit=%32%30").limit, 20);
}

TEST(ListQuery, CapsTheLimit) {
  EXPECT_EQ(page_of("limit=1").limit, 1);
  EXPECT_EQ(page_of("limit=999").limit, 999);
  EXPECT_EQ(page_of("limit=1000").limit, kListMax);
  EXPECT_EQ(page_of("limit=1001").limit, kListMax);
  EXPECT_EQ(page_of("limit=9223372036854775807").limit, kListMax);
}

TEST(ListQuery, TakesEveryIdToContinueAfter) {
  EXPECT_EQ(page_of("after=0").after, 0);
  EXPECT_EQ(page_of("after=9223372036854775807").after, INT64_MAX);
}

TEST(ListQuery, RefusesLimitsThatAreNone) {
  for (const char* const value : {"", "0", "-1", "1.0", "1e3", "0x10", "+5", "%205", "5%20",
                                  "five", "9223372036854775808", "1,2", "5%00"}) {
    EXPECT_EQ(refusal_of(std::string("limit=") + value),
              "The parameter limit must be a whole number of at least 1.")
        << value;
  }
}

TEST(ListQuery, RefusesIdsThatAreNone) {
  for (const char* const value : {"", "-1", "x", "1.5", "9223372036854775808", "null"}) {
    EXPECT_EQ(refusal_of(std::string("after=") + value),
              "The parameter after must be a whole number of at least 0.")
        << value;
  }
}

TEST(ListQuery, RefusesOtherOrders) {
  for (const char* const value : {"", "ASC", "descending", "random", "asc%20", "id"}) {
    EXPECT_EQ(refusal_of(std::string("order=") + value),
              "The parameter order must be asc or desc.")
        << value;
  }
}

TEST(ListQuery, RefusesParametersGivenTwice) {
  for (const char* const name : {"limit=1", "after=1", "order=asc"}) {
    EXPECT_NE(refusal_of(std::string(name) + "&" + name).find("more than once"),
              std::string::npos)
        << name;
  }
}

TEST(NextLink, LeadsToThePageBehind) {
  EXPECT_EQ(next_link({.after = std::nullopt, .limit = 20}, 57),
            "</api/photos?limit=20&after=57>; rel=\"next\"");
  EXPECT_EQ(next_link({.after = 80, .limit = 1000, .order = Order::descending}, 57),
            "</api/photos?limit=1000&after=57&order=desc>; rel=\"next\"");
}

TEST(NextLink, IsUnderstoodAsThePageItMeans) {
  for (const Order order : {Order::ascending, Order::descending}) {
    const std::string link = next_link({.after = 3, .limit = 5, .order = order}, 9);
    const std::size_t query = link.find('?') + 1;
    const Page page = page_of(link.substr(query, link.find('>') - query));
    EXPECT_EQ(page.after, 9);
    EXPECT_EQ(page.limit, 5);
    EXPECT_EQ(page.order, order);
  }
}

}  // namespace
}  // namespace photodrop
