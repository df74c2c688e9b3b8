// What every TokenStore keeps to, the fake as well as the real one. A test file that includes
// this instantiates it for its store.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "access/token_store.h"

namespace photodrop::testing {

class TokenStoreHarness {
 public:
  virtual ~TokenStoreHarness() = default;

  // An empty store, made for this test.
  virtual TokenStore& store() = 0;

  // Lets that much time go by for all tokens.
  virtual void pass(std::chrono::seconds time) = 0;
};

using MakeTokenStore = std::unique_ptr<TokenStoreHarness> (*)();

class TokenStoreContract : public ::testing::TestWithParam<MakeTokenStore> {
 protected:
  static constexpr std::chrono::hours kDay{24};

  TokenStore& store() { return harness_->store(); }

  static NewToken sample(const std::string& id, const std::string& name) {
    return {.id = id, .name = name, .sha256 = sha256(id), .scopes = {Scope::upload}};
  }

  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const Token& token : store().list()) names.push_back(token.name);
    return names;
  }

  std::unique_ptr<TokenStoreHarness> harness_ = GetParam()();
};

using Names = std::vector<std::string>;

TEST_P(TokenStoreContract, FindsATokenByItsId) {
  EXPECT_TRUE(store().add(sample("a", "other")));
  EXPECT_TRUE(store().add({.id = "b",
                           .name = "my ph\xC3\xB6ne's \"token\"",
                           .sha256 = sha256("text"),
                           .scopes = {Scope::remove, Scope::upload},
                           .life = kDay}));
  const auto token = store().find("b");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->id, "b");
  EXPECT_EQ(token->name, "my ph\xC3\xB6ne's \"token\"");
  EXPECT_EQ(token->sha256, hex(sha256("text")));
  EXPECT_EQ(token->scopes, (Scopes{Scope::upload, Scope::remove}));
  EXPECT_EQ(token->created_at.size(), std::string("2024-02-29T12:00:00Z").size());
  EXPECT_EQ(token->expires_at.value().back(), 'Z');
  EXPECT_GT(token->expires_at.value(), token->created_at);
}

TEST_P(TokenStoreContract, FindsNoTokenByAnythingElse) {
  store().add(sample("a", "phone"));
  for (const char* const id : {"", "A", "aa", "phone", "%", "' OR true --"}) {
    EXPECT_FALSE(store().find(id)) << id;
  }
}

TEST_P(TokenStoreContract, ATokenWithoutALifeDoesNotExpire) {
  store().add(sample("a", "phone"));
  harness_->pass(kDay * 36500);
  EXPECT_EQ(store().find("a").value().expires_at, std::nullopt);
}

TEST_P(TokenStoreContract, AnExpiredTokenIsListedButNotFound) {
  NewToken token = sample("a", "phone");
  token.life = kDay;
  store().add(token);
  harness_->pass(kDay - std::chrono::hours(1));
  EXPECT_TRUE(store().find("a"));
  harness_->pass(std::chrono::hours(1));
  EXPECT_FALSE(store().find("a"));
  EXPECT_EQ(names(), Names{"phone"});
}

TEST_P(TokenStoreContract, ANameIsGivenOnce) {
  NewToken first = sample("a", "phone");
  first.life = kDay;
  EXPECT_TRUE(store().add(first));
  EXPECT_FALSE(store().add(sample("b", "phone")));
  EXPECT_FALSE(store().find("b"));
  EXPECT_EQ(store().find("a").value().sha256, hex(sha256("a"))) << "as it was";
  harness_->pass(kDay);
  EXPECT_FALSE(store().add(sample("b", "phone"))) << "expired";
  EXPECT_TRUE(store().add(sample("b", "Phone"))) << "another name";
}

TEST_P(TokenStoreContract, ListsTheTokensInTheOrderOfTheirNames) {
  EXPECT_EQ(names(), Names());
  for (const char* const name : {"b", "\xC3\xA4", "B", "a"}) store().add(sample(name, name));
  EXPECT_EQ(names(), (Names{"B", "a", "b", "\xC3\xA4"}));
}

TEST_P(TokenStoreContract, ARevokedTokenIsGoneAndItsNameFree) {
  store().add(sample("a", "phone"));
  store().add(sample("b", "laptop"));
  EXPECT_TRUE(store().revoke("phone"));
  EXPECT_FALSE(store().find("a"));
  EXPECT_EQ(names(), Names{"laptop"});
  EXPECT_FALSE(store().revoke("phone")) << "a second time";
  EXPECT_FALSE(store().revoke("no such name"));
  EXPECT_TRUE(store().add(sample("c", "phone")));
  EXPECT_TRUE(store().find("b"));
}

}  // namespace photodrop::testing
