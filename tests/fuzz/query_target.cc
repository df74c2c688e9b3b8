// Query strings, as names and values and as a page of the list.
#include <gtest/gtest.h>

#include "api/list_query.h"
#include "base/error.h"
#include "base/text.h"
#include "fuzz/targets.h"
#include "http/query.h"

namespace photodrop::fuzz {
namespace {

constexpr std::int64_t kListMax = 1000;
constexpr std::int64_t kLast = 7;

void expect_fields_survive_encoding(const QueryFields& fields) {
  std::string encoded;
  for (const auto& [name, value] : fields) {
    encoded += "&" + percent_encode(name) + "=" + percent_encode(value);
  }
  EXPECT_EQ(parse_query(encoded), fields);
}

// The query of the link `<path?query>; rel="next"`.
std::string query_of(const std::string& link) {
  const std::size_t begin = link.find('?') + 1;
  return link.substr(begin, link.find('>') - begin);
}

void expect_next_page_follows(const Page& page) {
  const Page next = parse_list_query(query_of(next_link(page, kLast)), kListMax);
  EXPECT_EQ(next.limit, page.limit);
  EXPECT_EQ(next.order, page.order);
  EXPECT_EQ(next.after, kLast);
}

void run(std::string_view input) {
  expect_fields_survive_encoding(parse_query(input));
  try {
    const Page page = parse_list_query(input, kListMax);
    EXPECT_GE(page.limit, 1);
    EXPECT_LE(page.limit, kListMax);
    EXPECT_GE(page.after.value_or(0), 0);
    expect_next_page_follows(page);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_parameter);
  }
}

}  // namespace

Target query_target() {
  return {"query",
          run,
          {"limit=10&after=7&order=desc", "order=asc&&limit=%31+&limit=1000000",
           "a%26b=c=%3D&d+e", query_of(next_link({.after = kLast, .limit = kListMax}, kLast))}};
}

}  // namespace photodrop::fuzz
