#include "image/kept_bytes.h"

#include <gtest/gtest.h>

#include <utility>

namespace photodrop {
namespace {

const std::string kFile = "one two three";

TEST(KeptBytes, AreNoneAtFirst) {
  EXPECT_EQ(KeptBytes(kFile).view(), "");
}

TEST(KeptBytes, AreTheFileItselfAsLongAsNothingIsLeftOut) {
  KeptBytes kept(kFile);
  for (const char* part : {"one", " two", ""}) kept.keep(part);
  EXPECT_EQ(kept.view(), "one two");
  EXPECT_EQ(kept.view().data(), kFile.data()) << "copied";
  kept.overwrite(4, "two");
  EXPECT_EQ(kept.view().data(), kFile.data()) << "copied";
}

TEST(KeptBytes, LeaveOutWhatWasNotKept) {
  KeptBytes kept(kFile);
  kept.keep(std::string_view(kFile).substr(0, 4));
  kept.keep(std::string_view(kFile).substr(8));
  EXPECT_EQ(kept.view(), "one three");
  EXPECT_EQ(kept.size(), 9U);
}

TEST(KeptBytes, TakeOtherBytesInBetween) {
  KeptBytes kept(kFile);
  for (const char* part : {"one ", "2 ", "three"}) kept.keep(part);
  EXPECT_EQ(kept.view(), "one 2 three");
}

TEST(KeptBytes, MayBeLongerThanTheFile) {
  KeptBytes kept(kFile);
  kept.keep(kFile);
  for (int i = 0; i < 100; ++i) kept.keep("more");
  EXPECT_EQ(kept.size(), kFile.size() + 400);
}

TEST(KeptBytes, ArePutInTheirPlaceWithoutTouchingTheFile) {
  KeptBytes kept(kFile);
  kept.keep("one two");
  kept.overwrite(4, "2nd");
  EXPECT_EQ(kept.view(), "one 2nd");
  kept.keep(" three");
  kept.overwrite(0, "1st");
  EXPECT_EQ(kept.view(), "1st 2nd three");
  EXPECT_EQ(kFile, "one two three");
}

// A short string lies inside of its object, so that a view of it would be left behind.
TEST(KeptBytes, CanBeMoved) {
  KeptBytes kept("abc");
  kept.keep("ab");
  kept.keep("d");
  const KeptBytes moved = std::move(kept);
  EXPECT_EQ(moved.view(), "abd");
}

}  // namespace
}  // namespace photodrop
