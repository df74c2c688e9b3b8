// INTEGRATION: what only a database can do to those who clean up. The contract is run in
// postgres_photo_store_test.cc.
#include "db/postgres_cleanup_queue.h"

#include <gtest/gtest.h>

#include "db/postgres_harness.h"

namespace photodrop::testing {
namespace {

constexpr std::chrono::seconds kLease{120};
constexpr std::chrono::hours kRest{24};

class PostgresCleanupQueueTest : public ::testing::Test {
 protected:
  CleanupQueue& queue() { return harness_.queue(); }
  TestDatabase& database() { return harness_.database(); }

  std::int64_t pending() {
    return harness_.store().begin(sample_photo(), kLease).photo.value().id;
  }

  std::int64_t stored() {
    const std::int64_t id = pending();
    harness_.store().finish(id);
    return id;
  }

  std::int64_t overdue() {
    const std::int64_t id = pending();
    harness_.age(id, kLease + std::chrono::seconds(1));
    return id;
  }

  PostgresHarness harness_;
};

TEST_F(PostgresCleanupQueueTest, ARowThatAnotherOneIsTakingIsPassedOver) {
  const std::int64_t held = overdue();
  const std::int64_t free = overdue();
  Session other(database().url());
  other.transact([&](pqxx::work& transaction) {
    const auto locked =
        query(transaction, "SELECT 1 FROM photos WHERE id = $1 FOR UPDATE", held);
    EXPECT_EQ(queue().take_due(queue().now(), kLease).value().id, free);
    EXPECT_FALSE(queue().take_due(queue().now(), kLease));
    return locked;
  });
  EXPECT_EQ(queue().take_due(queue().now(), kLease).value().id, held);
}

TEST_F(PostgresCleanupQueueTest, ManyKeysAreForgottenSomeAtATime) {
  database().run(
      "INSERT INTO photos (photo_name, idempotency_key, created_at)"
      " SELECT 'uuid_' || n, 'k' || n, now() - interval '2 days' FROM generate_series(1, 1500) "
      "n");
  EXPECT_EQ(queue().forget_keys(kRest), 1000);
  EXPECT_EQ(queue().forget_keys(kRest), 500);
  EXPECT_EQ(queue().forget_keys(kRest), 0);
}

TEST_F(PostgresCleanupQueueTest, AKeyWhoseRowIsLockedIsPassedOver) {
  const std::int64_t id = stored();
  database().run("UPDATE photos SET idempotency_key = 'k', created_at = '2001-01-01'");
  Session other(database().url());
  other.transact([&](pqxx::work& transaction) {
    const auto locked = query(transaction, "SELECT 1 FROM photos WHERE id = $1 FOR UPDATE", id);
    EXPECT_EQ(queue().forget_keys(kRest), 0);
    return locked;
  });
  EXPECT_EQ(queue().forget_keys(kRest), 1);
}

TEST_F(PostgresCleanupQueueTest, TimeIsTheDatabases) {
  database().run(
      "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
      " $$ SELECT '2001-02-03T04:05:06.789012Z'::timestamptz $$");
  Session session(database().url() + "%20-c%20search_path%3D" +
                  database().value("SELECT current_schema()") + ",pg_catalog");
  EXPECT_EQ(PostgresCleanupQueue(session).now().time_since_epoch().count(), 981173106789012);
}

TEST_F(PostgresCleanupQueueTest, EveryCallSurvivesABrokenConnection) {
  const std::int64_t id = stored();
  database().end_other_connections();
  const Doomed doomed = queue().take(id, kLease).value();
  database().end_other_connections();
  queue().put_back(doomed);
  database().end_other_connections();
  EXPECT_TRUE(queue().take_due(queue().now(), kLease));
  database().end_other_connections();
  queue().bury(doomed, kRest);
  database().end_other_connections();
  EXPECT_EQ(queue().forget_keys(kRest), 0);
  EXPECT_EQ(harness_.state_of(id), "tombstone");
}

TEST_F(PostgresCleanupQueueTest, ATakeWhoseCommitWasLostIsSettled) {
  const std::int64_t id = stored();
  harness_.lose_commits(1);
  EXPECT_EQ(queue().take(id, kLease).value().id, id);
  EXPECT_EQ(harness_.state_of(id), "deleting");
}

TEST_F(PostgresCleanupQueueTest, ATakeWhoseCommitIsLostTwiceIsAFault) {
  const std::int64_t id = stored();
  harness_.lose_commits(2);
  EXPECT_NE(cause_of([&] { queue().take(id, kLease); }), "none");
  EXPECT_EQ(harness_.state_of(id), "stored");
}

TEST_F(PostgresCleanupQueueTest, WhatTheDatabaseRefusesIsItsFault) {
  database().run("DROP TABLE photos CASCADE");
  const Doomed doomed{.id = 1, .key = "k", .was = Remains::photo};
  EXPECT_EQ(cause_of([&] { queue().take(1, kLease); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { queue().take_due(queue().now(), kLease); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { queue().bury(doomed, kRest); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { queue().put_back(doomed); }).substr(0, 5), "42P01");
  EXPECT_EQ(cause_of([&] { queue().forget_keys(kRest); }).substr(0, 5), "42P01");
}

}  // namespace
}  // namespace photodrop::testing
