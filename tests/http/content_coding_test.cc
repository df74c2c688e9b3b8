#include "http/content_coding.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

TEST(ContentCoding, GzipIsAcceptedWhereItIsNamed) {
  for (const char* const header :
       {"gzip", "GZip", "deflate, gzip", "gzip, deflate, br, zstd", "br;q=1.0,\tgzip ; q=0.8",
        "gzip;q=0.001", "gzip;q=1.000", "*;q=0, gzip", "gzip;level=9", ", ,gzip,"}) {
    EXPECT_TRUE(accepts_gzip(header)) << header;
  }
}

TEST(ContentCoding, GzipIsNotAcceptedWhereOthersAre) {
  for (const char* const header :
       {"", " ", "*", "identity", "br, deflate", "x-gzip", "gzipped", "not gzip", "br;gzip"}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
}

TEST(ContentCoding, AWeightOfZeroRefusesGzip) {
  for (const char* const header : {"gzip;q=0", "gzip; q=0.0", "gzip;Q=0.000", "*, gzip;q=0",
                                   "gzip;q=0, *", "br, gzip;q=0."}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
}

TEST(ContentCoding, WhatIsOfNoFormIsPassedOver) {
  EXPECT_TRUE(accepts_gzip("br;;=, \"x, gzip"));
  EXPECT_FALSE(accepts_gzip("gzip;q"));
  EXPECT_FALSE(accepts_gzip("gzip q=1"));
}

}  // namespace
}  // namespace photodrop
