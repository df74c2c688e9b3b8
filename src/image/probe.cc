#include "image/probe.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "image/gif.h"
#include "image/jpeg.h"
#include "image/png.h"
#include "image/webp.h"

namespace photodrop {
namespace {

struct Format {
  ImageFormat format;
  std::string_view media_type;
  bool (*starts_like)(std::string_view bytes);
  Size (*walk)(std::string_view bytes, const ImageLimits& limits, KeptBytes& kept);
};

constexpr std::array<Format, 4> kFormats{{
    {ImageFormat::jpeg, "image/jpeg", starts_like_jpeg, walk_jpeg},
    {ImageFormat::png, "image/png", starts_like_png, walk_png},
    {ImageFormat::gif, "image/gif", starts_like_gif, walk_gif},
    {ImageFormat::webp, "image/webp", starts_like_webp, walk_webp},
}};

}  // namespace

std::string_view media_type(ImageFormat format) {
  return std::find_if(kFormats.begin(), kFormats.end(),
                      [format](const Format& known) { return known.format == format; })
      ->media_type;
}

bool is_image_type(std::string_view type) {
  return std::any_of(kFormats.begin(), kFormats.end(), [type](const Format& known) {
    return equals_ignoring_case(known.media_type, type);
  });
}

std::optional<Image> probe_image(std::string_view bytes, const ImageLimits& limits) {
  for (const Format& known : kFormats) {
    if (!known.starts_like(bytes)) continue;
    KeptBytes kept(bytes);
    const Size size = known.walk(bytes, limits, kept);
    return Image{known.format, size.width, size.height, std::move(kept)};
  }
  return std::nullopt;
}

}  // namespace photodrop
