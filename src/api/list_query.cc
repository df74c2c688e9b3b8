#include "api/list_query.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "http/query.h"

namespace photodrop {
namespace {

Order parse_order(std::string_view text) {
  if (text == "asc") return Order::ascending;
  if (text == "desc") return Order::descending;
  throw Error(Fault::invalid_parameter, "The parameter order must be asc or desc.");
}

std::int64_t parse_number(const char* name, std::string_view text, std::int64_t least) {
  const auto number = parse_integer(text);
  if (number && *number >= least) return *number;
  throw Error(Fault::invalid_parameter, "The parameter " + std::string(name) +
                                            " must be a whole number of at least " +
                                            std::to_string(least) + ".");
}

}  // namespace

Page parse_list_query(std::string_view query, std::int64_t list_max) {
  const QueryFields fields = parse_query(query);
  Page page{.after = std::nullopt, .limit = list_max};
  if (const auto limit = find_field(fields, "limit")) {
    page.limit = std::min(parse_number("limit", *limit, 1), list_max);
  }
  if (const auto after = find_field(fields, "after")) {
    page.after = parse_number("after", *after, 0);
  }
  if (const auto order = find_field(fields, "order")) page.order = parse_order(*order);
  return page;
}

std::string list_query(const Page& page) {
  std::string query = "limit=" + std::to_string(page.limit);
  if (page.after) query += "&after=" + std::to_string(*page.after);
  if (page.order == Order::descending) query += "&order=desc";
  return query;
}

std::string next_link(const Page& page, std::int64_t after) {
  const Page next{.after = after, .limit = page.limit, .order = page.order};
  return "</api/photos?" + list_query(next) + ">; rel=\"next\"";
}

}  // namespace photodrop
