#include "http/entity_tag.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

constexpr char kTag[] = "W/\"abc\"";

TEST(EntityTag, IsFoundWhereverItStandsInTheList) {
  for (const char* const header :
       {"W/\"abc\"", "W/\"abc\", \"x\"", "\"x\", W/\"abc\"", "\"x\",W/\"abc\",\"y\"",
        "  W/\"abc\"\t", "\"x\" \t,\t W/\"abc\" , \"y\""}) {
    EXPECT_TRUE(names_entity_tag(header, kTag)) << header;
  }
}

TEST(EntityTag, IsComparedWeakly) {
  EXPECT_TRUE(names_entity_tag("\"abc\"", "W/\"abc\""));
  EXPECT_TRUE(names_entity_tag("W/\"abc\"", "\"abc\""));
  EXPECT_TRUE(names_entity_tag("\"abc\"", "\"abc\""));
}

TEST(EntityTag, IsNotAnotherOne) {
  for (const char* const header :
       {"\"\"", "\"ab\"", "\"abcd\"", "\"ABC\"", "W/\"x\", \"y\"", "\"W/\", \"abc \""}) {
    EXPECT_FALSE(names_entity_tag(header, kTag)) << header;
  }
}

TEST(EntityTag, AStarStandsForAnyAndOnlyByItself) {
  EXPECT_TRUE(names_entity_tag("*", kTag));
  EXPECT_TRUE(names_entity_tag(" * ", kTag));
  EXPECT_FALSE(names_entity_tag("\"*\"", kTag));
  EXPECT_FALSE(names_entity_tag("*, \"abc\"", kTag));
  EXPECT_FALSE(names_entity_tag("\"abc\", *", kTag));
}

TEST(EntityTag, MayHoldACommaOrBytesBeyondAscii) {
  EXPECT_TRUE(names_entity_tag("\"x\", \"a,b\"", "\"a,b\""));
  EXPECT_FALSE(names_entity_tag("\"a,b\"", "\"b\""));
  EXPECT_TRUE(names_entity_tag("\"\xC3\xA4\"", "\"\xC3\xA4\""));
}

TEST(EntityTag, EmptyElementsOfTheListDoNotCount) {
  EXPECT_TRUE(names_entity_tag(", ,W/\"abc\",,", kTag));
  EXPECT_FALSE(names_entity_tag(",", kTag));
  EXPECT_FALSE(names_entity_tag("", kTag));
  EXPECT_FALSE(names_entity_tag(" ", kTag));
}

TEST(EntityTag, AHeaderThatIsNoListNamesNone) {
  for (const char* const header :
       {"abc", "W/abc", "w/\"abc\"", "\"abc", "abc\"", "W/ \"abc\"", "\"abc\" \"x\"",
        "\"abc\"x", "\"x\"\"abc\"", "\"abc\", x", "\"abc\", \"x", "\"abc\";q=1",
        "\"a\x7F\", \"abc\"", "\"a b\", \"abc\"", "'abc'", "W/", "\""}) {
    EXPECT_FALSE(names_entity_tag(header, kTag)) << header;
  }
}

}  // namespace
}  // namespace photodrop
