// Thumbnails of a photo by their boxes, as SQL lists them.
#pragma once

#include <pqxx/pqxx>
#include <vector>

namespace photodrop {

// Of string_agg(box::text, ','), which is NULL for none.
std::vector<int> boxes_from(const pqxx::field& list);

}  // namespace photodrop
