// Entity tags (RFC 9110 §8.8.3): by them a client asks whether what it has is still the same.
#pragma once

#include <string_view>

namespace photodrop {

// Whether the header If-None-Match (RFC 9110 §13.1.2) names `tag`, or is "*": the client has
// it, and 304 is the answer. Tags are compared weakly: a proxy that compresses an answer makes
// its tag a weak one. A header that is empty or no list of tags names none.
bool names_entity_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace photodrop
