// INTEGRATION: the tokens in a real PostgreSQL: the contract, and what only a database can do.
#include "db/postgres_token_store.h"

#include <gtest/gtest.h>

#include "db/migrations.h"
#include "db/postgres_harness.h"
#include "support/test_database.h"
#include "support/token_store_contract.h"

namespace photodrop::testing {
namespace {

class PostgresTokenHarness : public TokenStoreHarness {
 public:
  PostgresTokenHarness() : session_(database_.url()) { migrate(database_.url()); }

  TokenStore& store() override { return store_; }
  TestDatabase& database() { return database_; }

  void pass(std::chrono::seconds time) override {
    const std::string interval = " - interval '" + std::to_string(time.count()) + " seconds'";
    database_.run("UPDATE photodrop_tokens SET created_at = created_at" + interval +
                  ", expires_at = expires_at" + interval);
  }

 private:
  TestDatabase database_;
  Session session_;
  PostgresTokenStore store_{session_};
};

std::unique_ptr<TokenStoreHarness> postgres() {
  return std::make_unique<PostgresTokenHarness>();
}

INSTANTIATE_TEST_SUITE_P(Postgres, TokenStoreContract, ::testing::Values(&postgres));

class PostgresTokenStoreTest : public ::testing::Test {
 protected:
  TokenStore& store() { return harness_.store(); }
  TestDatabase& database() { return harness_.database(); }

  bool add(const std::string& name) {
    return store().add({.id = name,
                        .name = name,
                        .sha256 = sha256(name),
                        .scopes = {Scope::read},
                        .life = std::chrono::seconds(90)});
  }

  PostgresTokenHarness harness_;
};

TEST_F(PostgresTokenStoreTest, TimesAreOfTheDatabasesOwnClock) {
  add("phone");
  EXPECT_EQ(database().value("SELECT expires_at - created_at FROM photodrop_tokens"),
            "00:01:30");
  EXPECT_EQ(database().value("SELECT abs(extract(epoch FROM now() - created_at)) < 60"
                             " FROM photodrop_tokens"),
            "t");
}

TEST_F(PostgresTokenStoreTest, TimesAreToldInUtc) {
  add("phone");
  database().run(
      "UPDATE photodrop_tokens SET created_at = '2024-02-29 13:00:00.9+01',"
      " expires_at = '2999-12-31 23:59:59-02'");
  const Token token = store().find("phone").value();
  EXPECT_EQ(token.created_at, "2024-02-29T12:00:00Z");
  EXPECT_EQ(token.expires_at, "3000-01-01T01:59:59Z");
}

TEST_F(PostgresTokenStoreTest, EveryCallSurvivesABrokenConnection) {
  EXPECT_TRUE(add("phone"));
  database().end_other_connections();
  EXPECT_TRUE(add("laptop"));
  database().end_other_connections();
  EXPECT_TRUE(store().find("phone"));
  database().end_other_connections();
  EXPECT_EQ(store().list().size(), 2U);
  database().end_other_connections();
  EXPECT_TRUE(store().revoke("phone"));
}

TEST_F(PostgresTokenStoreTest, ADatabaseThatWasNotMigratedIsAFault) {
  database().run("DROP TABLE photodrop_tokens");
  EXPECT_EQ(cause_of([&] { store().find("phone"); }).substr(0, 5), "42P01");
}

TEST_F(PostgresTokenStoreTest, TheTableKeepsOutTokensThatCannotBe) {
  for (const char* const values :
       {"('a', 'x', '\\x00', '{read}')", "('a', 'x', sha256(''), '{}')",
        "('a', 'x', sha256(''), '{admin}')", "('a', NULL, sha256(''), '{read}')"}) {
    EXPECT_EQ(cause_of([&] {
                database().run(
                    "INSERT INTO photodrop_tokens (id, name, sha256, scopes)"
                    " VALUES " +
                    std::string(values));
              }).substr(0, 2),
              "23")
        << values;
  }
}

}  // namespace
}  // namespace photodrop::testing
