// What is fuzzed: that which reads what clients send, and the settings.
//
// A target says by GoogleTest's EXPECT what must hold of any input at all. Every test run holds
// it to its seeds (replay_test.cc), libFuzzer to whatever it makes of them (fuzz_main.cc).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace photodrop::fuzz {

struct Target {
  std::string name;  // of a file, without '/'
  // May throw what the parser's header does not promise: that is a finding.
  void (*run)(std::string_view input);
  // Inputs to begin with, at least one, and every input that has found a bug.
  std::vector<std::string> seeds;
};

Target jpeg_target();
Target png_target();
Target gif_target();
Target webp_target();
Target exif_target();
Target multipart_target();
Target filename_target();
Target query_target();
Target idempotency_key_target();
Target accept_encoding_target();
Target settings_target();
Target signer_target();

std::vector<Target> all_targets();  // these

}  // namespace photodrop::fuzz
