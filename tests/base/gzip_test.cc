#include "base/gzip.h"

#include <gtest/gtest.h>

#include "support/gunzip.h"

namespace photodrop {
namespace {

TEST(Gzip, GivesBackWhatItWasGiven) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i % 256);
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string(1'000'000, 'x'), bytes}) {
    EXPECT_EQ(testing::gunzip(gzip(text)), text);
  }
}

TEST(Gzip, HasRoomForWhatCannotBeMadeSmaller) {
  std::string noise;
  unsigned state = 1;
  for (int i = 0; i < 300'000; ++i) {
    state = state * 1664525 + 1013904223;
    noise += static_cast<char>(state >> 24);
  }
  const std::string file = gzip(noise);
  EXPECT_GT(file.size(), noise.size());
  EXPECT_EQ(testing::gunzip(file), noise);
}

TEST(Gzip, IsSmallerThanText) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += R"({"id": )" + std::to_string(i) + "},";
  EXPECT_LT(gzip(text).size(), text.size() / 3);
}

}  // namespace
}  // namespace photodrop
