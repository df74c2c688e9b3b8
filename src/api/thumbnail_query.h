// The query of a thumbnail: how large it is to be.
#pragma once

#include <string_view>

namespace photodrop {

// Reads `w`, how many pixels it is wide and high at most: one of kThumbnailBoxes, 640 when it
// is not there; other fields are ignored. Throws Error{invalid_parameter}.
int parse_thumbnail_query(std::string_view query);

}  // namespace photodrop
