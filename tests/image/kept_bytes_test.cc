#include "image/kept_bytes.h"

#include <gtest/gtest.h>

#include <utility>

namespace photodrop {
namespace {

const std::string kFile = "one two three";

std::string_view part(std::size_t at, std::size_t size) {
  return std::string_view(kFile).substr(at, size);
}

std::string text_of(const KeptBytes& kept) {
  EXPECT_EQ(kept.size(), kept.pieces().joined().size());
  return kept.pieces().joined();
}

TEST(KeptBytes, AreNoneAtFirst) {
  EXPECT_EQ(text_of(KeptBytes(kFile)), "");
}

TEST(KeptBytes, AreTheFileItselfAsLongAsNothingIsLeftOut) {
  KeptBytes kept(kFile);
  kept.keep(part(0, 3));
  kept.keep(part(3, 4));
  kept.keep(part(7, 0));
  EXPECT_EQ(text_of(kept), "one two");
  kept.overwrite(4, "two");
  EXPECT_EQ(kept.pieces().second.data(), kFile.data()) << "copied";
  EXPECT_EQ(kept.pieces().second, "one two");
}

TEST(KeptBytes, LeaveOutWhatWasNotKept) {
  KeptBytes kept(kFile);
  kept.keep(part(0, 4));
  kept.keep(part(8, 5));
  EXPECT_EQ(text_of(kept), "one three");
}

TEST(KeptBytes, AreTheFileItselfBehindWhatWasLeftOut) {
  KeptBytes kept(kFile);
  kept.keep(part(4, 4));
  kept.keep(part(8, 5));
  EXPECT_EQ(kept.pieces().first, "");
  EXPECT_EQ(kept.pieces().second, part(4, 9));
  EXPECT_EQ(kept.pieces().second.data(), part(4, 9).data()) << "copied";
}

TEST(KeptBytes, TakeOtherBytesInBetween) {
  KeptBytes kept(kFile);
  kept.keep(part(0, 4));
  kept.add("2 ");
  kept.keep(part(8, 2));
  kept.keep(part(10, 3));
  kept.add("!");
  EXPECT_EQ(text_of(kept), "one 2 three!");
}

TEST(KeptBytes, TakeOtherBytesInFront) {
  KeptBytes kept(kFile);
  kept.add("zero ");
  kept.keep(part(0, 3));
  EXPECT_EQ(text_of(kept), "zero one");
}

TEST(KeptBytes, MayBeLongerThanTheFile) {
  KeptBytes kept(kFile);
  kept.keep(kFile);
  for (int i = 0; i < 100; ++i) kept.add("more");
  EXPECT_EQ(kept.size(), kFile.size() + 400);
}

TEST(KeptBytes, ArePutInTheirPlaceWithoutTouchingTheFile) {
  KeptBytes kept(kFile);
  kept.keep(part(0, 7));
  kept.overwrite(4, "2nd");
  EXPECT_EQ(text_of(kept), "one 2nd");
  kept.keep(part(7, 6));
  kept.overwrite(0, "1st");
  EXPECT_EQ(text_of(kept), "1st 2nd three");
  kept.overwrite(6, "d th");
  kept.overwrite(8, "3");
  EXPECT_EQ(text_of(kept), "1st 2nd 3hree");
  EXPECT_EQ(kFile, "one two three");
}

// A short string lies inside of its object, so that a view of it would be left behind.
TEST(KeptBytes, CanBeMoved) {
  KeptBytes kept(kFile);
  kept.keep(part(0, 2));
  kept.add("d");
  kept.keep(part(2, 1));
  const KeptBytes moved = std::move(kept);
  EXPECT_EQ(text_of(moved), "onde");
}

}  // namespace
}  // namespace photodrop
