#include "photos/names.h"

#include <algorithm>

#include "base/text.h"

namespace photodrop {
namespace {

constexpr std::size_t kMaxFilenameBytes = 255;  // what file systems allow
constexpr std::size_t kMaxKeyNameBytes = 100;
constexpr std::size_t kMaxExtensionBytes = 16;
constexpr std::string_view kKeyChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

struct SplitName {
  std::string_view stem;
  std::string_view extension;  // with its dot; empty when there is none
};

// `name` does not end in a dot.
SplitName split_extension(std::string_view name) {
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  if (name.size() - dot > kMaxExtensionBytes + 1) return {name, {}};
  return {name.substr(0, dot), name.substr(dot)};
}

std::string_view without_end(std::string_view name) {
  return name.substr(0, name.find_last_not_of(". ") + 1);  // npos + 1 is 0
}

std::string reduce(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto kept = name.substr(0, name.find_first_not_of(kKeyChars));
    name.remove_prefix(kept.size());
    out += kept;
    if (name.empty()) break;
    out += '_';
    name.remove_prefix(std::min(name.find_first_of(kKeyChars), name.size()));
  }
  return out;
}

// The name is ASCII, so that it can be cut at any byte.
std::string key_name(std::string_view reduced) {
  auto [stem, extension] = split_extension(reduced);
  stem.remove_prefix(std::min(stem.find_first_not_of('.'), stem.size()));
  stem = stem.substr(0, kMaxKeyNameBytes - extension.size());
  if (stem.find_first_not_of("._-") == std::string_view::npos) stem = "photo";
  return std::string(stem).append(extension);
}

}  // namespace

std::string clean_filename(std::string_view filename) {
  const std::string text = clean_text(filename);
  std::string_view name = text;
  name.remove_prefix(name.find_last_of("/\\") + 1);
  const auto [stem, extension] = split_extension(without_end(trim(name)));
  const auto kept = utf8_prefix(stem, kMaxFilenameBytes - extension.size());
  return std::string(without_end(std::string(kept).append(extension)));
}

bool is_photo_key(std::string_view key) {
  static constexpr std::string_view kUuid = "00000000-0000-0000-0000-000000000000_";
  if (key.size() < kUuid.size()) return false;
  return std::equal(kUuid.begin(), kUuid.end(), key.begin(), [](char shape, char c) {
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    return shape == '0' ? is_digit : c == shape;
  });
}

std::string thumbnail_key(std::string_view photo_key, int box) {
  return std::string(photo_key).append(".").append(std::to_string(box)).append(".webp");
}

std::optional<std::string_view> photo_key_of_thumbnail(std::string_view key) {
  for (const int box : kThumbnailBoxes) {
    const std::string ending = thumbnail_key("", box);
    if (key.ends_with(ending)) return key.substr(0, key.size() - ending.size());
  }
  return std::nullopt;
}

std::string photo_key(std::string_view uuid, std::string_view filename) {
  return std::string(uuid).append("_").append(key_name(reduce(clean_filename(filename))));
}

}  // namespace photodrop
