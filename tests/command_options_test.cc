// The options of the commands that have some.
#include <gtest/gtest.h>

#include <vector>

#include "fsck_command.h"
#include "reap_command.h"

namespace photodrop {
namespace {

using Arguments = std::vector<std::string_view>;

TEST(ReapOptions, MayNameAPause) {
  EXPECT_FALSE(parse_reap_options(Arguments{}).value().every);
  EXPECT_EQ(parse_reap_options(Arguments{"--every", "60"}).value().every,
            std::chrono::seconds(60));
}

TEST(ReapOptions, RefuseOthers) {
  for (const Arguments& arguments :
       {Arguments{"--every"}, Arguments{"--every", "0"}, Arguments{"--every", "-1"},
        Arguments{"--every", "x"}, Arguments{"--every", "86401"}, Arguments{"60"},
        Arguments{"--every", "1", "2"}, Arguments{"--fix"}}) {
    EXPECT_FALSE(parse_reap_options(arguments));
  }
}

TEST(FsckOptions, MayFixAndSample) {
  EXPECT_FALSE(parse_fsck_options(Arguments{}).value().fix);
  EXPECT_EQ(parse_fsck_options(Arguments{}).value().sample, 0);
  EXPECT_TRUE(parse_fsck_options(Arguments{"--fix"}).value().fix);
  const auto both = parse_fsck_options(Arguments{"--sample", "10", "--fix"});
  EXPECT_TRUE(both.value().fix);
  EXPECT_EQ(both.value().sample, 10);
}

TEST(FsckOptions, RefuseOthers) {
  for (const Arguments& arguments :
       {Arguments{"--sample"}, Arguments{"--sample", "-1"}, Arguments{"--sample", "all"},
        Arguments{"fix"}, Arguments{"--fix", "now"}, Arguments{"--every", "1"}}) {
    EXPECT_FALSE(parse_fsck_options(arguments));
  }
}

}  // namespace
}  // namespace photodrop
