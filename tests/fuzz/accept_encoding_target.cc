// The header Accept-Encoding.
#include <gtest/gtest.h>

#include "base/text.h"
#include "fuzz/targets.h"
#include "http/content_coding.h"

namespace photodrop::fuzz {
namespace {

void run(std::string_view input) {
  const std::string header(input);
  EXPECT_TRUE(accepts_gzip("gzip, " + header));
  EXPECT_FALSE(accepts_gzip("gzip;q=0, " + header));
  if (accepts_gzip(header)) {
    EXPECT_NE(lower_ascii(header).find("gzip"), std::string::npos);
    EXPECT_TRUE(accepts_gzip(header + ", br"));
  }
}

}  // namespace

Target accept_encoding_target() {
  return {"accept_encoding",
          run,
          {"gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.5, *;q=0", "gzip;q=0", "", ",,\t;"}};
}

}  // namespace photodrop::fuzz
