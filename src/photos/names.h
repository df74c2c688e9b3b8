// Names of photos: the one shown to people and the one used as the object's key. Both are made
// of what a client sent, so nothing is assumed: it may be empty, a path, 4 KB long, or no text.
// The extension of a name is what follows its last dot when that is 1 to 16 bytes long.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

// The original name made fit to show and to store: the last component after '/' and '\',
// well-formed UTF-8 without controls, without spaces around it and dots at its end, at most 255
// bytes with the extension kept. May be empty, as for "..".
std::string clean_filename(std::string_view filename);

// `{uuid}_{name}`, the lesson's form of a key: a single path component that no store, shell,
// URL or header needs to escape. The name is `filename` cleaned, each run of bytes outside
// [A-Za-z0-9._-] made one '_', leading dots dropped, at most 100 bytes with the extension kept.
// A name that keeps no letter or digit before its extension becomes "photo" there:
// "日本.jpg" and ".jpg" give "photo.jpg".
std::string photo_key(std::string_view uuid, std::string_view filename);

// How many pixels a thumbnail may be wide and high: there is none of another size.
inline constexpr std::array kThumbnailBoxes{320, 640, 1280};

// The key of a photo's thumbnail: `{photo's key}.{box}.webp`.
std::string thumbnail_key(std::string_view photo_key, int box);

// The photo's key in that of a thumbnail; nullopt when it has not the form of one. The key of a
// photo may have it by its own name.
std::optional<std::string_view> photo_key_of_thumbnail(std::string_view key);

// Whether photo_key() could have made it, or the lesson's app, which put a name as the client
// sent it behind the UUID.
bool is_photo_key(std::string_view key);

}  // namespace photodrop
