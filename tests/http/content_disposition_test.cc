#include "http/content_disposition.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

TEST(ContentDisposition, NamesAFileThatEveryClientUnderstands) {
  EXPECT_EQ(inline_disposition("a cat.jpg"), "inline; filename=\"a cat.jpg\"");
}

TEST(ContentDisposition, NamesNothingWithoutAName) {
  EXPECT_EQ(inline_disposition(""), "inline");
}

TEST(ContentDisposition, GivesOtherScriptsInFullBesideAnAsciiName) {
  EXPECT_EQ(inline_disposition("käse.png"),
            "inline; filename=\"k__se.png\"; filename*=UTF-8''k%C3%A4se.png");
}

TEST(ContentDisposition, CannotBeBrokenOutOf) {
  EXPECT_EQ(inline_disposition("a\"; filename=b\\.jpg"),
            "inline; filename=\"a_; filename=b_.jpg\"; "
            "filename*=UTF-8''a%22%3B%20filename%3Db%5C.jpg");
}

TEST(ContentDisposition, LeavesNoEscapeToBeDecoded) {
  EXPECT_EQ(inline_disposition("100%41.gif"),
            "inline; filename=\"100_41.gif\"; filename*=UTF-8''100%2541.gif");
}

TEST(ContentDisposition, HoldsNoLineEnd) {
  EXPECT_EQ(inline_disposition("a\r\nb"),
            "inline; filename=\"a__b\"; filename*=UTF-8''a%0D%0Ab");
}

}  // namespace
}  // namespace photodrop
