#include "access/gate.h"

#include <gtest/gtest.h>

#include "support/fake_token_store.h"

namespace photodrop::testing {
namespace {

constexpr Scope kAllScopes[] = {Scope::upload, Scope::read, Scope::remove};

class GateTest : public ::testing::Test {
 protected:
  // A token that is in force.
  std::string token_for(const Scopes& scopes,
                        std::optional<std::chrono::seconds> life = std::nullopt) {
    std::string token = make_token();
    const std::string id(token_id(token).value());
    tokens_.add(
        {.id = id, .name = id, .sha256 = sha256(token), .scopes = scopes, .life = life});
    return token;
  }

  std::optional<Refusal> refuse(Scope scope, const std::string& authorization,
                                Auth auth = Auth::all) {
    return Gate(auth, tokens_).refuse(scope, authorization);
  }

  void expect_refused(const std::string& authorization, Fault fault,
                      const std::string& challenge) {
    const auto refusal = refuse(Scope::upload, authorization);
    ASSERT_TRUE(refusal) << authorization;
    EXPECT_EQ(refusal->error.fault(), fault) << authorization;
    EXPECT_EQ(refusal->challenge, challenge) << authorization;
    EXPECT_EQ(refusal->error.detail().back(), '.');
  }

  void expect_invalid(const std::string& authorization) {
    expect_refused(authorization, Fault::unauthorized,
                   "Bearer realm=\"photodrop\", error=\"invalid_token\"");
  }

  FakeTokenStore tokens_;
};

TEST_F(GateTest, AsksForATokenWhereTheSettingSaysSo) {
  for (const Scope scope : kAllScopes) {
    EXPECT_FALSE(refuse(scope, "", Auth::off));
    EXPECT_TRUE(refuse(scope, "", Auth::all));
    EXPECT_EQ(refuse(scope, "", Auth::write).has_value(), scope != Scope::read);
  }
}

TEST_F(GateTest, LooksAtNoTokenWhereNoneIsNeeded) {
  tokens_.fails = true;
  EXPECT_FALSE(refuse(Scope::upload, "Bearer " + make_token(), Auth::off));
  EXPECT_FALSE(refuse(Scope::read, "Bearer " + make_token(), Auth::write));
  EXPECT_EQ(tokens_.finds, 0);
}

TEST_F(GateTest, LetsATokenDoWhatItsScopesName) {
  for (const Scope scope : kAllScopes) {
    const std::string token = token_for({scope});
    for (const Scope asked : kAllScopes) {
      EXPECT_EQ(refuse(asked, "Bearer " + token).has_value(), asked != scope);
    }
  }
}

TEST_F(GateTest, AsksTheStoreOnceForEachRequest) {
  const std::string token = token_for({Scope::upload});
  refuse(Scope::upload, "Bearer " + token);
  refuse(Scope::upload, "Bearer " + token);
  EXPECT_EQ(tokens_.finds, 2);
}

TEST_F(GateTest, TakesTheSchemeInAnyCaseAndSpacesBehindIt) {
  const std::string token = token_for({Scope::upload});
  for (const char* const scheme : {"Bearer ", "bearer ", "BEARER ", "Bearer   "}) {
    EXPECT_FALSE(refuse(Scope::upload, scheme + token)) << scheme;
  }
}

TEST_F(GateTest, ARequestWithoutATokenIsAskedForOne) {
  const std::string token = token_for({Scope::upload});
  for (const std::string& authorization :
       {std::string(), std::string("Basic dXNlcjpwYXNz"), token, "Token " + token,
        std::string("Bearer"), "Bearer\t" + token, "Bearer" + token}) {
    expect_refused(authorization, Fault::unauthorized, "Bearer realm=\"photodrop\"");
  }
}

TEST_F(GateTest, WhatIsNoTokenIsRefusedWithoutAskingTheStore) {
  const std::string token = token_for({Scope::upload});
  std::string twice = token + ", Bearer ";
  twice += token;
  for (const std::string& text :
       {std::string(" "), std::string("x"), token + "0", token.substr(1), twice}) {
    expect_invalid("Bearer " + text);
  }
  EXPECT_EQ(tokens_.finds, 0);
}

TEST_F(GateTest, ATokenIsKnownByAllOfItsText) {
  const std::string token = token_for({Scope::upload});
  for (std::size_t at = 3; at < token.size(); ++at) {
    std::string other = token;
    other[at] = other[at] == '0' ? '1' : '0';
    expect_invalid("Bearer " + other);
  }
}

TEST_F(GateTest, ATokenThatIsUnknownRevokedOrExpiredIsInvalid) {
  expect_invalid("Bearer " + make_token());
  const std::string expiring = token_for({Scope::upload}, std::chrono::hours(1));
  EXPECT_FALSE(refuse(Scope::upload, "Bearer " + expiring));
  tokens_.time += std::chrono::hours(1);
  expect_invalid("Bearer " + expiring);
  const std::string revoked = token_for({Scope::upload});
  EXPECT_FALSE(refuse(Scope::upload, "Bearer " + revoked));
  tokens_.revoke(*token_id(revoked));
  expect_invalid("Bearer " + revoked);
}

TEST_F(GateTest, TellsWhichScopeIsMissing) {
  expect_refused("Bearer " + token_for({Scope::read}), Fault::forbidden,
                 "Bearer realm=\"photodrop\", error=\"insufficient_scope\", scope=\"upload\"");
  const auto refusal = refuse(Scope::remove, "Bearer " + token_for({Scope::upload}));
  EXPECT_EQ(refusal.value().error.detail(), "The token lacks the scope delete.");
}

TEST_F(GateTest, TellsTheLogTheIdAndNeverTheSecret) {
  const std::string lacking = token_for({Scope::read});
  for (const std::string& token : {make_token(), lacking}) {
    const Error error = refuse(Scope::upload, "Bearer " + token).value().error;
    EXPECT_EQ(error.cause(), "token " + std::string(*token_id(token)));
  }
  EXPECT_EQ(refuse(Scope::upload, "Bearer secret").value().error.cause(), "not a token");
}

TEST_F(GateTest, AStoreThatDoesNotAnswerIsNoRefusal) {
  const std::string token = token_for({Scope::upload});
  tokens_.fails = true;
  try {
    refuse(Scope::upload, "Bearer " + token);
    ADD_FAILURE() << "nothing thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::database_unavailable);
  }
}

}  // namespace
}  // namespace photodrop::testing
