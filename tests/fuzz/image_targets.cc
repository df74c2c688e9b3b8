// The walks through the four containers, and what they keep of them. An input that starts like
// another format is that one's target's.
#include "fuzz/targets.h"
#include "image/gif.h"
#include "image/jpeg.h"
#include "image/png.h"
#include "image/rich_samples.h"
#include "image/soundness.h"
#include "image/webp.h"

namespace photodrop::fuzz {
namespace {

std::vector<std::string> samples_of(ImageFormat format) {
  std::vector<std::string> samples;
  for (SampleImage& sample : all_samples()) {
    if (sample.format == format) samples.push_back(std::move(sample.bytes));
  }
  return samples;
}

template <bool (*starts_like)(std::string_view)>
void run(std::string_view input) {
  if (starts_like(input)) expect_sound(input);
}

void run_png(std::string_view input) {
  run<starts_like_png>(input);
  run<starts_like_png>(with_mended_checksums(std::string(input)));
}

}  // namespace

Target jpeg_target() {
  return {"jpeg", run<starts_like_jpeg>, samples_of(ImageFormat::jpeg)};
}

Target png_target() {
  return {"png", run_png, samples_of(ImageFormat::png)};
}

Target gif_target() {
  return {"gif", run<starts_like_gif>, samples_of(ImageFormat::gif)};
}

Target webp_target() {
  return {"webp", run<starts_like_webp>, samples_of(ImageFormat::webp)};
}

}  // namespace photodrop::fuzz
