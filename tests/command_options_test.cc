// The options of the commands that have some.
#include <gtest/gtest.h>

#include <vector>

#include "fsck_command.h"
#include "reap_command.h"
#include "token_command.h"

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

TEST(TokenOptions, CreateATokenWithItsScopesAndItsLife) {
  const auto options =
      parse_token_options(Arguments{"create", "my phone", "--scope", "delete,upload"}).value();
  EXPECT_EQ(options.action, TokenOptions::Action::create);
  EXPECT_EQ(options.name, "my phone");
  EXPECT_EQ(options.scopes, (Scopes{Scope::upload, Scope::remove}));
  EXPECT_EQ(options.life, std::nullopt);
  const auto life_of = [](std::string_view text) {
    return parse_token_options(Arguments{"create", "x", "--expires", text, "--scope", "read"})
        .value()
        .life;
  };
  EXPECT_EQ(life_of("90d"), std::chrono::hours(90 * 24));
  EXPECT_EQ(life_of("12h"), std::chrono::hours(12));
  EXPECT_EQ(life_of("30m"), std::chrono::minutes(30));
  EXPECT_EQ(life_of("36500d"), std::chrono::hours(36500 * 24));
}

TEST(TokenOptions, ListAndRevoke) {
  EXPECT_EQ(parse_token_options(Arguments{"list"}).value().action, TokenOptions::Action::list);
  const auto options = parse_token_options(Arguments{"revoke", "my phone"}).value();
  EXPECT_EQ(options.action, TokenOptions::Action::revoke);
  EXPECT_EQ(options.name, "my phone");
}

TEST(TokenOptions, RefuseOthers) {
  for (const Arguments& arguments :
       {Arguments{}, Arguments{"show"}, Arguments{"list", "x"}, Arguments{"revoke"},
        Arguments{"revoke", ""}, Arguments{"revoke", "x", "y"}, Arguments{"create"},
        Arguments{"create", "x"}, Arguments{"create", "x", "--scope"},
        Arguments{"create", "x", "--expires", "1d"}, Arguments{"create", "x", "upload"},
        Arguments{"create", "x", "--scope", ""}, Arguments{"create", "x", "--scope", "all"},
        Arguments{"create", "x\n", "--scope", "read"},
        Arguments{"create", "--scope", "read", "x"},
        Arguments{"rename", "x", "--scope", "read"},
        Arguments{"create", "x", "--scope", "read", "--fix", "1"}}) {
    EXPECT_FALSE(parse_token_options(arguments)) << (arguments.empty() ? "" : arguments.back());
  }
}

TEST(TokenOptions, RefuseALifeThatIsNone) {
  for (const std::string_view life : {"", "d", "90", "0d", "-1d", "1.5h", "1 d", "1w", "1D",
                                      "36501d", "9223372036854775807m"}) {
    EXPECT_FALSE(
        parse_token_options(Arguments{"create", "x", "--scope", "read", "--expires", life}))
        << life;
  }
}

}  // namespace
}  // namespace photodrop
