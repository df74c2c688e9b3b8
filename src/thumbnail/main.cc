// photodrop-thumbnail: an image on stdin, a small WebP of it on stdout. A program of its own,
// so that a decoder that dies, hangs or swells takes nobody along.
//
// usage: photodrop-thumbnail PIXELS   how wide and high it is at most
//
// The exit status is 1 with a line on stderr when there is no thumbnail of it.
#include <charconv>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "thumbnail/confinement.h"
#include "thumbnail/shrink.h"

namespace photodrop {
namespace {

constexpr int kUsageError = 2;
constexpr int kLargestBox = 16383;  // of WebP

std::optional<int> parse_box(std::string_view text) {
  int box = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), box);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && box >= 1 && box <= kLargestBox ? std::optional(box) : std::nullopt;
}

int run(int box) {
  limit_resources({});
  start_vips();
  forbid_all_but_computing();
  const std::string image(std::istreambuf_iterator<char>(std::cin), {});
  const std::string thumbnail = shrink(image, box);
  std::cout.write(thumbnail.data(), static_cast<std::streamsize>(thumbnail.size())).flush();
  return std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace photodrop

int main(int argc, char** argv) {
  const auto box = argc == 2 ? photodrop::parse_box(argv[1]) : std::nullopt;
  if (!box) {
    std::cerr << "usage: photodrop-thumbnail PIXELS < IMAGE > WEBP\n";
    return photodrop::kUsageError;
  }
  try {
    std::ios::sync_with_stdio(false);
    return photodrop::run(*box);
  } catch (const std::exception& error) {
    std::cerr << "photodrop-thumbnail: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
