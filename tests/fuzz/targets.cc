#include "fuzz/targets.h"

namespace photodrop::fuzz {

std::vector<Target> all_targets() {
  return {jpeg_target(),
          png_target(),
          gif_target(),
          webp_target(),
          exif_target(),
          multipart_target(),
          filename_target(),
          query_target(),
          settings_target(),
          idempotency_key_target(),
          accept_encoding_target(),
          signer_target()};
}

}  // namespace photodrop::fuzz
