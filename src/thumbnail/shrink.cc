#include "thumbnail/shrink.h"

#include <vips/vips.h>

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

bool has_profile(std::string_view bytes) {
  const Image head(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr));
  return head && vips_image_get_typeof(head.get(), VIPS_META_ICC_NAME) != 0;
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
  VipsImage* image = nullptr;
  // Without a profile it is in sRGB as it is: libvips, told to export it, takes its colours for
  // those of another white.
  const char* const profile = has_profile(bytes) ? "srgb" : nullptr;
  // The bytes are only read; the parameter is const from libvips 8.15 on.
  if (vips_thumbnail_buffer(const_cast<char*>(bytes.data()), bytes.size(), &image, box, "size",
                            VIPS_SIZE_DOWN, "export_profile", profile, nullptr) != 0) {
    throw failure();
  }
  const Image small(image);
  vips_image_remove(image, VIPS_META_ICC_NAME);   // sRGB is what goes without saying
  vips_image_remove(image, VIPS_META_EXIF_NAME);  // a corrupt one cannot be saved
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
