// How a session sends its statements: prepared, as long as the server knows them.
#include "db/session.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "support/process.h"
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

// A server, or what is between it and us, that does not answer.
class SessionLimitsTest : public SessionTest {
 protected:
  static constexpr std::chrono::milliseconds kLimit{200};
  static constexpr SessionLimits kLimits{.work = kLimit,
                                         .idle = std::chrono::hours(1),
                                         .idle_check = kLimit,
                                         .rest = std::chrono::milliseconds(100)};

  SessionLimitsTest() { session_.read("SELECT 1"); }

  std::int64_t pid_of(Session& session) {
    return session.read("SELECT pg_backend_pid()")[0][0].as<std::int64_t>();
  }

  // Runs `work` while the session's server does nothing, and returns what it throws.
  template <class Work>
  static std::string failure_of(Work work) {
    try {
      work();
      return "none";
    } catch (const InDoubt& error) {
      return "in doubt";
    } catch (const Error& error) {
      return error.fault() == Fault::database_unavailable ? "unavailable" : "another fault";
    }
  }

  template <class Work>
  std::string while_stopped(Session& session, Work work) {
    const auto server = static_cast<pid_t>(pid_of(session));
    kill(server, SIGSTOP);
    std::string failure = failure_of(work);
    kill(server, SIGCONT);
    return failure;
  }

  Session limited_{database_.url(), nullptr, kLimits};
};

TEST_F(SessionLimitsTest, WorkThatOutlivesTheLimitIsGivenUpAndInDoubtIfItChangesSomething) {
  Session& session = limited_;
  EXPECT_EQ(while_stopped(session, [&] { session.read("SELECT 1"); }), "unavailable");
  EXPECT_TRUE(eventually([&] { return failure_of([&] { pid_of(session); }) == "none"; }))
      << "a new connection, once the rest is over";
  EXPECT_EQ(while_stopped(session, [&] { session.change("INSERT INTO numbers VALUES (1)"); }),
            "in doubt");
  EXPECT_TRUE(eventually([&] { return failure_of([&] { pid_of(session); }) == "none"; }));
  EXPECT_EQ(
      while_stopped(
          session,
          [&] { session.transact([](pqxx::work& work) { return query(work, "SELECT 1"); }); }),
      "unavailable");
}

TEST_F(SessionLimitsTest, ACommitThatOutlivesTheLimitIsInDoubt) {
  const auto server = static_cast<pid_t>(pid_of(limited_));
  EXPECT_EQ(failure_of([&] {
              limited_.transact([&](pqxx::work& work) {
                const auto result = query(work, "INSERT INTO numbers VALUES (1)");
                kill(server, SIGSTOP);
                return result;
              });
            }),
            "in doubt");
  kill(server, SIGCONT);
}

TEST_F(SessionLimitsTest, AServerThatDidNotAnswerIsNotAskedAgainAtOnce) {
  Session session(database_.url(), nullptr, {.work = kLimit, .rest = std::chrono::hours(1)});
  while_stopped(session, [&] { session.read("SELECT 1"); });
  EXPECT_EQ(failure_of([&] { session.read("SELECT 1"); }), "unavailable");
}

TEST_F(SessionLimitsTest, AnIdleConnectionThatIsDeadIsReplacedBeforeAnythingIsSent) {
  SessionLimits limits = kLimits;
  limits.idle = std::chrono::milliseconds(0);
  Session session(database_.url(), nullptr, limits);
  const auto before = pid_of(session);
  kill(static_cast<pid_t>(before), SIGSTOP);
  EXPECT_EQ(failure_of([&] { session.change("INSERT INTO numbers VALUES (1)"); }), "none");
  EXPECT_NE(pid_of(session), before);
  kill(static_cast<pid_t>(before), SIGCONT);
  EXPECT_EQ(count(), 1) << "stored once";
}

TEST_F(SessionLimitsTest, AConnectionThatWasGivenBackIsMadeAnew) {
  const auto before = pid_of(limited_);
  limited_.disconnect();
  EXPECT_NE(pid_of(limited_), before);
}

TEST_F(SessionLimitsTest, WorkWithoutALimitMayTakeAsLongAsItTakes) {
  SessionLimits limits = kLimits;
  limits.work = std::nullopt;
  Session session(database_.url(), nullptr, limits);
  EXPECT_EQ(failure_of([&] { session.read("SELECT pg_sleep(0.5)"); }), "none");
  EXPECT_EQ(failure_of([&] { limited_.read("SELECT pg_sleep(0.5)"); }), "unavailable");
}

TEST_F(SessionLimitsTest, AnOpenBreakerRefusesAllButAProbe) {
  const auto breaker = std::make_unique<CircuitBreaker>();
  Session session(database_.url(), breaker.get(), kLimits);
  for (std::uint32_t i = 0; i < CircuitBreaker::kThreshold; ++i) {
    EXPECT_EQ(failure_of([&] { session.read("SELECT nothing"); }), "unavailable");
  }
  EXPECT_TRUE(breaker->is_open());
  const int attempts = session.meter().attempts;
  EXPECT_EQ(failure_of([&] { session.read("SELECT 1"); }), "unavailable");
  EXPECT_EQ(failure_of([&] { session.change("SELECT 1"); }), "unavailable");
  EXPECT_EQ(session.meter().attempts, attempts) << "without asking the server";
  EXPECT_EQ(failure_of([&] { session.probe("SELECT 1"); }), "none");
  EXPECT_FALSE(breaker->is_open());
  EXPECT_EQ(failure_of([&] { session.read("SELECT 1"); }), "none");
}

}  // namespace
}  // namespace photodrop::testing
