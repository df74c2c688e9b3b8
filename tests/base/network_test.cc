#include "base/network.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

TEST(Network, IsAnAddressOrAPrefix) {
  for (const char* const text :
       {"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "::1", "::/0", "2001:db8::/32",
        "2001:db8::7/128", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(is_network(text)) << text;
  }
}

TEST(Network, IsNothingElse) {
  for (const char* const text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8",
        "10.0.0", "10.0.0.256", " 10.0.0.1", "10.0.0.1;", "all", "localhost", "2001:db8::/129",
        "2001:db8:::", "fe80::1%eth0"}) {
    EXPECT_FALSE(is_network(text)) << text;
  }
}

}  // namespace
}  // namespace photodrop
