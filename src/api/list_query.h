// The query of the list: which page, and how the next one is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "photos/photo_store.h"

namespace photodrop {

// Reads `limit` (1 and up; more than `list_max` means `list_max`, the default), `after` (an id)
// and `order` (asc or desc); other fields are ignored. Throws Error{invalid_parameter}.
Page parse_list_query(std::string_view query, std::int64_t list_max);

// The query that asks for the page.
std::string list_query(const Page& page);

// The value of the Link header (RFC 8288) that leads to the page behind the photo `after`.
std::string next_link(const Page& page, std::int64_t after);

}  // namespace photodrop
