// Names of photos: the one shown to people and the one used as the object's key.
#pragma once

#include <string>
#include <string_view>

namespace photodrop {

// The original name made fit to show and to store: the last component after '/' and '\',
// well-formed UTF-8 without controls, at most 255 bytes with the extension kept. May be empty.
std::string clean_filename(std::string_view filename);

// `{uuid}_{name}`, the lesson's form of a key. The name is `filename` cleaned and reduced to
// [A-Za-z0-9._-], at most 100 bytes with the extension kept, never starting with a dot, and
// "photo" when nothing is left.
std::string photo_key(std::string_view uuid, std::string_view filename);

}  // namespace photodrop
