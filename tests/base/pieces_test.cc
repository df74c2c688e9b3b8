#include "base/pieces.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

TEST(Pieces, AreOneText) {
  for (const Pieces& pieces : {Pieces("abcde"), Pieces("", "abcde"), Pieces("abcde", ""),
                               Pieces("a", "bcde"), Pieces("abcd", "e")}) {
    EXPECT_EQ(pieces.joined(), "abcde");
    EXPECT_EQ(pieces.size(), 5U);
    EXPECT_FALSE(pieces.empty());
  }
  EXPECT_TRUE(Pieces().empty());
  EXPECT_TRUE(Pieces("", "").empty());
}

TEST(Pieces, AreCopiedFromAnyPositionOn) {
  const std::string text = "abcde";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const Pieces pieces(std::string_view(text).substr(0, cut),
                        std::string_view(text).substr(cut));
    for (std::size_t position = 0; position <= text.size(); ++position) {
      for (std::size_t count = 0; count <= text.size() + 1; ++count) {
        std::string copied(count, '\0');
        copied.resize(pieces.copy(copied.data(), count, position));
        EXPECT_EQ(copied, text.substr(position, count)) << cut;
      }
    }
  }
}

}  // namespace
}  // namespace photodrop
