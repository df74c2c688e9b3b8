// INTEGRATION: the ledger in a real PostgreSQL: the contract, and what only a database can do.
#include "db/postgres_photo_store.h"

#include <gtest/gtest.h>

#include "db/connection_url.h"
#include "db/postgres_harness.h"
#include "support/cleanup_queue_contract.h"
#include "support/idempotency_contract.h"
#include "support/ledger_census_contract.h"
#include "support/photo_index_contract.h"
#include "support/photo_list_contract.h"
#include "support/photo_store_contract.h"
#include "support/thumbnail_ledger_contract.h"

namespace photodrop::testing {
namespace {

std::unique_ptr<PhotoStoreHarness> postgres() {
  return std::make_unique<PostgresHarness>();
}

INSTANTIATE_TEST_SUITE_P(Postgres, CleanupQueueContract, ::testing::Values(&postgres));
INSTANTIATE_TEST_SUITE_P(Postgres, IdempotencyContract, ::testing::Values(&postgres));
INSTANTIATE_TEST_SUITE_P(Postgres, LedgerCensusContract, ::testing::Values(&postgres));
INSTANTIATE_TEST_SUITE_P(Postgres, PhotoStoreContract, ::testing::Values(&postgres));
INSTANTIATE_TEST_SUITE_P(Postgres, PhotoIndexContract, ::testing::Values(&postgres));
INSTANTIATE_TEST_SUITE_P(Postgres, PhotoListContract, ::testing::Values(&postgres));
INSTANTIATE_TEST_SUITE_P(Postgres, ThumbnailLedgerContract, ::testing::Values(&postgres));

class PostgresPhotoStoreTest : public ::testing::Test {
 protected:
  PhotoStore& store() { return harness_.store(); }
  TestDatabase& database() { return harness_.database(); }

  PageRange whole_list() {
    return store().locate({.after = std::nullopt, .limit = 100'000}).value();
  }

  Photo begin() {
    return store().begin(sample_photo(), std::chrono::minutes(15)).photo.value();
  }

  void at_commit(const std::string& action) { harness_.at_commit(action); }
  void lose_commits(int count) { harness_.lose_commits(count); }

  PostgresHarness harness_;
};

TEST_F(PostgresPhotoStoreTest, ALeaseRunsFromTheDatabasesOwnClock) {
  const std::int64_t id =
      store().begin(sample_photo(), std::chrono::seconds(90)).photo.value().id;
  EXPECT_EQ(database().value("SELECT lease_until - created_at FROM photos"), "00:01:30");
  EXPECT_EQ(database().value("SELECT abs(extract(epoch FROM now() - created_at)) < 60"
                             " FROM photos"),
            "t");
  store().finish(id);
  EXPECT_EQ(database().value("SELECT lease_until FROM photos"), "null");
}

TEST_F(PostgresPhotoStoreTest, EveryCallSurvivesABrokenConnection) {
  const std::int64_t id = begin().id;
  database().end_other_connections();
  const std::int64_t other = begin().id;
  database().end_other_connections();
  EXPECT_TRUE(store().finish(id));
  database().end_other_connections();
  store().abandon(other);
  database().end_other_connections();
  EXPECT_EQ(store().locate({.after = id, .limit = 1}), std::nullopt);
  database().end_other_connections();
  EXPECT_EQ(listed(store()).size(), 1U);
  EXPECT_EQ(database().value("SELECT count(*) FROM photos"), "1") << "nothing was done twice";
}

TEST_F(PostgresPhotoStoreTest, ABrokenConnectionDoesNotCutAList) {
  harness_.insert_as_lesson(2500);
  std::size_t visited = 0;
  store().each(whole_list(), [&](const Photo&) {
    if (++visited % 1000 == 1) database().end_other_connections();
  });
  EXPECT_EQ(visited, 2500U);
}

// The time a page takes must not grow with the photos before it. PostgreSQL may have another
// plan once it has made five. A session tells what it read when it ends.
TEST_F(PostgresPhotoStoreTest, APageIsLocatedByTheIndexAlone) {
  harness_.insert_as_lesson(20'000);
  database().run("ANALYZE photos");
  const auto scans = [&](const std::string& kind) {
    database().end_other_connections();
    return database().value("SELECT " + kind +
                            " FROM pg_stat_user_tables WHERE relid = 'photos'::regclass");
  };
  const std::string by_index = scans("idx_scan");
  const std::string of_the_table = scans("seq_scan");
  for (int times = 0; times < 7; ++times) {
    for (const Order order : {Order::ascending, Order::descending}) {
      EXPECT_TRUE(store().locate({.after = 10'000, .limit = 10, .order = order}));
    }
  }
  for (int i = 0; i < 100 && scans("idx_scan") == by_index; ++i) {
  }
  EXPECT_NE(scans("idx_scan"), by_index);
  EXPECT_EQ(scans("seq_scan"), of_the_table);
}

// What was deleted while the first photo was visited is not in memory yet.
TEST_F(PostgresPhotoStoreTest, ALongListIsReadInStretches) {
  harness_.insert_as_lesson(2000);
  std::size_t visited = 0;
  store().each(whole_list(), [&](const Photo&) {
    if (++visited == 1) database().run("DELETE FROM photos WHERE id > 1500");
  });
  EXPECT_EQ(visited, 1500U);
}

TEST_F(PostgresPhotoStoreTest, ASessionHasItsTimeOutsAfterABrokenConnectionToo) {
  for (int i = 0; i < 2; ++i) {
    begin();
    at_commit(
        "RAISE EXCEPTION 'timeouts %', current_setting('statement_timeout')"
        " || ' ' || current_setting('lock_timeout')");
    const std::string cause = cause_of([&] { begin(); });
    EXPECT_NE(cause.find("timeouts 5s 2s"), std::string::npos) << cause;
    database().run("DROP TRIGGER acts ON photos; DROP FUNCTION act");
    database().end_other_connections();
  }
}

TEST_F(PostgresPhotoStoreTest, AFinishWhoseCommitWasLostIsSettled) {
  const std::int64_t id = begin().id;
  lose_commits(1);
  EXPECT_TRUE(store().finish(id));
  EXPECT_EQ(harness_.state_of(id), "stored");
}

TEST_F(PostgresPhotoStoreTest, AFinishWhoseCommitIsLostTwiceIsAFault) {
  const std::int64_t id = begin().id;
  lose_commits(2);
  EXPECT_NE(cause_of([&] { store().finish(id); }), "none");
  EXPECT_EQ(harness_.state_of(id), "pending");
  EXPECT_TRUE(store().finish(id)) << "the next call has a new connection";
}

TEST_F(PostgresPhotoStoreTest, ABeginWhoseCommitWasLostIsNotRepeated) {
  lose_commits(1);
  EXPECT_NE(cause_of([&] { begin(); }), "none");
  EXPECT_EQ(database().value("SELECT count(*) FROM photos"), "0");
  EXPECT_GE(begin().id, 1);
}

TEST_F(PostgresPhotoStoreTest, ABeginUnderAKeyWhoseCommitWasLostIsNotRepeated) {
  NewPhoto photo = sample_photo();
  photo.idempotency_key = "k";
  lose_commits(1);
  EXPECT_NE(cause_of([&] { store().begin(photo, std::chrono::minutes(15)); }), "none");
  EXPECT_EQ(database().value("SELECT count(*) FROM photos"), "0");
  EXPECT_EQ(store().begin(photo, std::chrono::minutes(15)).beginning, Beginning::begun);
}

TEST_F(PostgresPhotoStoreTest, AnAbandonWhoseCommitWasLostIsAFault) {
  const std::int64_t id = begin().id;
  lose_commits(1);
  EXPECT_NE(cause_of([&] { store().abandon(id); }), "none");
  EXPECT_EQ(harness_.state_of(id), "pending");
  EXPECT_NO_THROW(store().abandon(id));
}

// A view with a function in it makes even a SELECT change something at COMMIT.
TEST_F(PostgresPhotoStoreTest, AListThatIsCutOffIsReadOnceMore) {
  harness_.insert_as_lesson(1);
  lose_commits(3);
  database().run(
      "CREATE TABLE visits AS SELECT * FROM photos WHERE false;"
      "CREATE FUNCTION visited() RETURNS boolean LANGUAGE sql AS $$"
      " INSERT INTO visits (id) VALUES (1); SELECT true $$;"
      "CREATE CONSTRAINT TRIGGER acts AFTER INSERT ON visits"
      " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION act();"
      "ALTER TABLE photos RENAME TO hidden;"
      "CREATE VIEW photos AS SELECT * FROM hidden WHERE visited()");
  EXPECT_NE(cause_of([&] { store().locate({.after = std::nullopt, .limit = 1}); }), "none");
  EXPECT_EQ(listed(store()).size(), 1U) << "of which the first try is cut off too";
}

// libpqxx has exceptions of their own for some of these, not all of them an sql_error.
TEST_F(PostgresPhotoStoreTest, WhateverTheDatabaseRefusesIsItsFault) {
  for (const char* const state : {"40001", "40P01", "40003", "23505", "53300", "53100", "57014",
                                  "57P01", "08006", "25006", "22021", "XX000", "P0001"}) {
    at_commit(std::string("RAISE EXCEPTION 'refused' USING ERRCODE = '") + state + "'");
    EXPECT_NE(cause_of([&] { begin(); }), "none") << state;
    database().run("DROP TRIGGER acts ON photos; DROP FUNCTION act");
    EXPECT_NO_THROW(store().abandon(begin().id)) << "after " << state;
  }
}

// Of several hosts another one may be the primary by now.
TEST_F(PostgresPhotoStoreTest, AServerThatBecameAStandbyIsLeft) {
  const auto use = [&] { store().abandon(begin().id); };
  use();
  const std::string pid =
      "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
      " AND application_name = current_setting('application_name')";
  for (const std::string state : {"25006", "57P01", "23505"}) {
    const std::string before = database().value(pid);
    at_commit("RAISE EXCEPTION 'refused' USING ERRCODE = '" + state + "'");
    EXPECT_NE(cause_of([&] { begin(); }), "none");
    database().run("DROP TRIGGER acts ON photos; DROP FUNCTION act");
    use();
    EXPECT_EQ(database().value(pid) == before, state == "23505") << state;
  }
}

TEST_F(PostgresPhotoStoreTest, ALockedTableIsAFaultInTime) {
  Session locker(database().url());
  locker.transact([&](pqxx::work& transaction) {
    transaction.exec("LOCK TABLE photos");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(cause_of([&] { begin(); }).substr(0, 5), "55P03");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    return 0;
  });
  EXPECT_NO_THROW(begin());
}

TEST_F(PostgresPhotoStoreTest, ATableThatIsNotThereIsAFault) {
  database().run("DROP TABLE photos CASCADE");
  EXPECT_EQ(cause_of([&] { begin(); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { store().finish(1); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { store().abandon(1); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { listed(store()); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { store().locate({.after = 1, .limit = 1}); }).substr(0, 5), "42P01");
}

TEST_F(PostgresPhotoStoreTest, EachTransactionIsCountedAndTimed) {
  Session session(database().url());
  const auto sleep = [&] {
    session.transact(
        [](pqxx::work& transaction) { return transaction.exec("SELECT pg_sleep(0.05)"); });
  };
  sleep();
  const Meter first = session.meter();
  EXPECT_EQ(first.attempts, 1);
  EXPECT_EQ(first.errors, 0);
  EXPECT_GE(first.time, std::chrono::milliseconds(50));
  EXPECT_LT(first.time, std::chrono::seconds(5));
  sleep();
  EXPECT_EQ(session.meter().attempts, 2);
  EXPECT_GE((session.meter() - first).time, std::chrono::milliseconds(50));
}

// It connects on first use only: a service starts while its database is down.
TEST(PostgresPhotoStore, ADatabaseThatIsDownIsAFaultThatKeepsThePassword) {
  Session session(connection_url("postgresql://u:hunter2@127.0.0.1:1/photos").value());
  PostgresPhotoStore store(session);
  const std::string cause = cause_of([&] { store.finish(1); });
  EXPECT_NE(cause.find("refused"), std::string::npos) << cause;
  EXPECT_EQ(cause.find("hunter2"), std::string::npos) << cause;
  EXPECT_EQ(session.meter().attempts, 1);
  EXPECT_EQ(session.meter().errors, 1);
}

}  // namespace
}  // namespace photodrop::testing
