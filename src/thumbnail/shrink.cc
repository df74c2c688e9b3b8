#include "thumbnail/shrink.h"

#include <vips/vips.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace photodrop {
namespace {

// Of WebP: what a photo of this size needs to look well, and little time.
constexpr int kQuality = 75;
constexpr int kEffort = 2;

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
  void operator()(void* bytes) const { g_free(bytes); }
};

using Image = std::unique_ptr<VipsImage, Unref>;

CannotShrink failure() {
  return CannotShrink(vips_error_buffer());
}

Image open_head(std::string_view bytes) {
  Image head(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr));
  if (!head) throw failure();
  return head;
}

bool has_profile(VipsImage* head) {
  return vips_image_get_typeof(head, VIPS_META_ICC_NAME) != 0;
}

// A JPEG can be decoded at a half, a quarter or an eighth of its size, which takes the less
// time. The last step, which makes it sharp, still gets more than the box holds.
int factor_of_load(VipsImage* head, int box) {
  const char* loader = nullptr;
  if (vips_image_get_string(head, VIPS_META_LOADER, &loader) != 0) return 1;
  if (!std::string_view(loader).starts_with("jpegload")) return 1;
  const int longer = std::max(vips_image_get_width(head), vips_image_get_height(head));
  for (const int factor : {8, 4, 2}) {
    if (longer / factor > box + box / 4) return factor;
  }
  return 1;
}

// The bytes are only read; libvips' parameters are const from 8.15 on.
void* octets(std::string_view bytes) {
  return const_cast<char*>(bytes.data());
}

Image load_jpeg(std::string_view bytes, int factor) {
  VipsImage* image = nullptr;
  if (vips_jpegload_buffer(octets(bytes), bytes.size(), &image, "shrink", factor, "access",
                           VIPS_ACCESS_SEQUENTIAL, nullptr) != 0) {
    throw failure();
  }
  return Image(image);
}

// Without a profile it is in sRGB as it is: libvips, told to export it, takes its colours for
// those of another white.
Image shrink_image(std::string_view bytes, int box) {
  const Image head = open_head(bytes);
  const char* const profile = has_profile(head.get()) ? "srgb" : nullptr;
  const int factor = factor_of_load(head.get(), box);
  VipsImage* small = nullptr;
  const int status =
      factor > 1 ? vips_thumbnail_image(load_jpeg(bytes, factor).get(), &small, box, "size",
                                        VIPS_SIZE_DOWN, "export_profile", profile, nullptr)
                 : vips_thumbnail_buffer(octets(bytes), bytes.size(), &small, box, "size",
                                         VIPS_SIZE_DOWN, "export_profile", profile, nullptr);
  if (status != 0) throw failure();
  return Image(small);
}

}  // namespace

// libvips looks for further decoders, as libraries to load, below VIPSHOME, and makes machine
// code unless it is told not to: the service's sandbox forbids memory that can be written and
// executed.
void start_vips() {
  setenv("VIPSHOME", "/nonexistent", 1);
  setenv("VIPS_NOVECTOR", "1", 1);
  if (vips_init("photodrop-thumbnail") != 0) throw failure();
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* const loader : {"VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer",
                                   "VipsForeignLoadNsgifBuffer", "VipsForeignLoadWebpBuffer"}) {
    vips_operation_block_set(loader, FALSE);
  }
}

std::string shrink(std::string_view bytes, int box) {
  const Image small = shrink_image(bytes, box);
  vips_image_remove(small.get(), VIPS_META_ICC_NAME);   // sRGB is what goes without saying
  vips_image_remove(small.get(), VIPS_META_EXIF_NAME);  // a corrupt one cannot be saved
  void* webp = nullptr;
  std::size_t size = 0;
  if (vips_webpsave_buffer(small.get(), &webp, &size, "Q", kQuality, "effort", kEffort,
                           nullptr) != 0) {
    throw failure();
  }
  const std::unique_ptr<void, Unref> owner(webp);
  return {static_cast<const char*>(webp), size};
}

}  // namespace photodrop
