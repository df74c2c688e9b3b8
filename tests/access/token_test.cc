#include "access/token.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

TEST(Token, HasAPrefixAnIdAndASecret) {
  const std::string token = make_token();
  ASSERT_EQ(token.size(), 3U + 12 + 1 + 64);
  EXPECT_EQ(token.substr(0, 3), "pd_");
  EXPECT_EQ(token[15], '_');
  EXPECT_EQ(token.substr(3, 12).find_first_not_of(kDigits), std::string::npos);
  EXPECT_EQ(token.substr(16).find_first_not_of(kDigits), std::string::npos);
  EXPECT_EQ(token_id(token).value(), token.substr(3, 12));
}

TEST(Token, IsNeverTheSameInAnyPart) {
  std::set<std::string> ids;
  std::set<std::string> secrets;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = make_token();
    ids.insert(token.substr(3, 12));
    secrets.insert(token.substr(16));
  }
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ(secrets.size(), 1000U);
}

TEST(TokenId, IsNotInATextOfAnotherForm) {
  const std::string good = "pd_0123456789ab_" + std::string(64, 'f');
  ASSERT_EQ(token_id(good), "0123456789ab");
  const auto with = [&good](std::size_t at, char c) {
    std::string other = good;
    other[at] = c;
    return other;
  };
  for (const std::string& text :
       {std::string(), good.substr(3, 12), good.substr(0, 15), good.substr(0, 16),
        good.substr(0, 79), good + "f", " " + good, good + " ", with(0, 'P'), with(2, '-'),
        with(3, 'g'), with(14, 'B'), with(14, '_'), with(15, '-'), with(15, '0'), with(16, 'F'),
        with(79, '_'), with(79, ' '), with(79, '\0')}) {
    EXPECT_EQ(token_id(text), std::nullopt) << text;
  }
}

TEST(Scopes, AreWrittenAsAList) {
  EXPECT_EQ(list_of({Scope::remove}), "delete");
  EXPECT_EQ(list_of({Scope::remove, Scope::read, Scope::upload}), "upload,read,delete");
}

TEST(Scopes, AreReadInAnyOrder) {
  EXPECT_EQ(parse_scopes("read"), Scopes{Scope::read});
  EXPECT_EQ(parse_scopes("delete,upload"), (Scopes{Scope::upload, Scope::remove}));
  EXPECT_EQ(parse_scopes("upload,upload"), Scopes{Scope::upload});
  EXPECT_EQ(parse_scopes(list_of({Scope::upload, Scope::read, Scope::remove})).value().size(),
            3U);
}

TEST(Scopes, AreNothingElse) {
  for (const char* const list : {"", ",", "upload,", ",upload", "upload, read", "Upload",
                                 "upload;read", "all", "remove", "uploads"}) {
    EXPECT_EQ(parse_scopes(list), std::nullopt) << list;
  }
}

TEST(TokenName, HasOneTo64Characters) {
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "\xC3\xBC";
  for (const std::string& name : {std::string("x"), std::string("my phone, \"the old\" one"),
                                  std::string(64, 'x'), umlauts}) {
    EXPECT_TRUE(is_token_name(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string(65, 'x'), umlauts + "x", std::string(" "), std::string(" x"),
        std::string("x "), std::string("x\n"), std::string("a\x1B[31m"), std::string("\xFF"),
        std::string("a\0b", 3), std::string("\xC2\x9B")}) {
    EXPECT_FALSE(is_token_name(name)) << name;
  }
}

}  // namespace
}  // namespace photodrop
