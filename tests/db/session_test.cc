// How a session sends its statements: prepared, as long as the server knows them.
#include "db/session.h"

#include <gtest/gtest.h>

#include "support/test_database.h"

namespace photodrop::testing {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() { database_.run("CREATE TABLE numbers (number bigint NOT NULL)"); }

  std::int64_t count() {
    return session_.read("SELECT count(*) FROM numbers WHERE number > $1", 0)[0][0]
        .as<std::int64_t>();
  }

  void add(std::int64_t number) { session_.change("INSERT INTO numbers VALUES ($1)", number); }

  // How many statements the session's server has prepared.
  std::int64_t prepared() {
    return session_.transact([](pqxx::work& transaction) {
      return query(transaction, "SELECT count(*) FROM pg_prepared_statements")[0][0]
          .as<std::int64_t>();
    });
  }

  // As when a pooler hands the session to another server.
  void forget_statements() {
    session_.transact(
        [](pqxx::work& transaction) { return transaction.exec("DEALLOCATE ALL"); });
  }

  TestDatabase database_;
  Session session_{database_.url()};
};

TEST_F(SessionTest, PreparesEachStatementOnce) {
  for (int i = 1; i <= 3; ++i) {
    add(i);
    EXPECT_EQ(count(), i);
    EXPECT_EQ(prepared(), 2);
  }
}

TEST_F(SessionTest, PreparesThemAnewForAnotherConnection) {
  add(1);
  database_.end_other_connections();
  add(2);
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(prepared(), 2);
}

TEST_F(SessionTest, GoesOnWithoutThemWhenTheServerKnowsThemNot) {
  add(1);
  EXPECT_EQ(count(), 1);
  forget_statements();
  add(2);
  EXPECT_EQ(count(), 2) << "and nothing was done twice";
  EXPECT_EQ(prepared(), 0);
}

TEST_F(SessionTest, GoesOnWithoutThemWhenTheServerKnowsThemAlready) {
  add(1);
  Session other(database_.url());
  const std::string name = session_.transact([](pqxx::work& transaction) {
    return query(transaction, "SELECT name FROM pg_prepared_statements")[0][0]
        .as<std::string>();
  });
  other.transact([&](pqxx::work& transaction) {
    return transaction.exec("PREPARE " + name + " AS SELECT 1");
  });
  other.change("INSERT INTO numbers VALUES ($1)", 2);
  EXPECT_EQ(count(), 2);
}

TEST_F(SessionTest, GoesOnWithoutThemWhenATableWasAltered) {
  add(1);
  const std::string all = "SELECT * FROM numbers";
  EXPECT_EQ(session_.read(all).columns(), 1U);
  database_.run("ALTER TABLE numbers ADD COLUMN name text");
  EXPECT_EQ(session_.read(all).columns(), 2U);
}

TEST_F(SessionTest, AStatementThatCannotBeIsAFaultEachTimeAndTheOthersGoOn) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_THROW(session_.read("SELECT nothing FROM numbers"), Error);
    EXPECT_THROW(session_.change("INSERT INTO nowhere VALUES ($1)", 1), Error);
    EXPECT_EQ(count(), 0);
  }
  EXPECT_EQ(prepared(), 1);
}

}  // namespace
}  // namespace photodrop::testing
