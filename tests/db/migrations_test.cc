// INTEGRATION: the schema's history applied to a real PostgreSQL.
#include "db/migrations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>

#include "base/error.h"
#include "db/connection_url.h"
#include "db/postgres_ledger_census.h"
#include "db/postgres_photo_store.h"
#include "support/photo_store_harness.h"
#include "support/test_database.h"

namespace photodrop::testing {
namespace {

using Names = std::vector<std::string>;

// What the lesson's app makes at its start, and three uploads.
constexpr char kLessonsTable[] =
    "CREATE TABLE photos (id SERIAL PRIMARY KEY, photo_name VARCHAR NOT NULL);"
    "CREATE INDEX ix_photos_id ON photos (id);"
    "INSERT INTO photos (photo_name) VALUES ('u1_a.jpg'), ('u2_my cat.png'), "
    "('u3_\xC3\xBC.gif')";

class MigrationsTest : public ::testing::Test {
 protected:
  Names migrate_now() { return migrate(database_.url()); }

  Photo begin() {
    Session session(database_.url());
    PostgresPhotoStore store(session);
    return store.begin(sample_photo(), std::chrono::minutes(15)).photo.value();
  }

  std::vector<Photo> photos() {
    Session session(database_.url());
    PostgresPhotoStore store(session);
    return listed(store);
  }

  TestDatabase database_;
};

Names all_names() {
  Names names;
  for (const Migration& migration : migrations()) names.emplace_back(migration.name);
  return names;
}

// Fails unless it throws Error{database_unavailable}; gives its cause.
std::string failure_of_migrate(const std::string& url) {
  try {
    migrate(url);
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::database_unavailable);
    return error.cause();
  }
}

TEST(Migrations, AreInTheOrderOfTheirNames) {
  const Names names = all_names();
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.front(), "0001_ledger");
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST_F(MigrationsTest, MakeAFreshDatabaseFitForUse) {
  EXPECT_EQ(migrate_now(), all_names());
  EXPECT_EQ(begin().id, 1);
  EXPECT_TRUE(photos().empty());
}

TEST_F(MigrationsTest, AreAppliedOnce) {
  migrate_now();
  const std::int64_t id = begin().id;
  EXPECT_EQ(migrate_now(), Names());
  EXPECT_EQ(database_.value("SELECT id FROM photos"), std::to_string(id));
  EXPECT_EQ(database_.value("SELECT count(*) FROM photodrop_migrations"),
            std::to_string(all_names().size()));
}

TEST_F(MigrationsTest, AdoptTheLessonsTable) {
  database_.run(kLessonsTable);
  EXPECT_EQ(migrate_now(), all_names());
  const auto adopted = photos();
  ASSERT_EQ(adopted.size(), 3U);
  EXPECT_EQ(adopted[0].id, 1);
  EXPECT_EQ(adopted[0].key, "u1_a.jpg");
  EXPECT_EQ(adopted[1].key, "u2_my cat.png");
  EXPECT_EQ(adopted[2].key, "u3_\xC3\xBC.gif");
  EXPECT_EQ(database_.value("SELECT count(*) FROM photos WHERE state = 'stored' AND"
                            " num_nonnulls(filename, content_type, size, width, height, sha256,"
                            " created_at, lease_until) = 0"),
            "3");
  EXPECT_EQ(begin().id, 4);
}

// Both may run side by side while one takes over from the other.
TEST_F(MigrationsTest, LeaveTheTableFitForTheLessonsApp) {
  database_.run(kLessonsTable);
  migrate_now();
  EXPECT_EQ(database_.value("INSERT INTO photos (photo_name) VALUES ('u4_b.jpg')"
                            " RETURNING id || ' ' || state"),
            "4 stored");
  EXPECT_EQ(photos().size(), 4U);
  EXPECT_EQ(database_.value("SELECT to_regclass('ix_photos_id')"), "ix_photos_id");
}

TEST_F(MigrationsTest, WidenTheIds) {
  database_.run(kLessonsTable);
  migrate_now();
  database_.run("SELECT setval('photos_id_seq', 2147483647)");
  EXPECT_EQ(begin().id, 2147483648);
}

TEST_F(MigrationsTest, KeepOutRowsThatCannotBe) {
  migrate_now();
  for (const char* const values :
       {"('x', 'lost', 1, NULL)", "('x', 'pending', 1, NULL)", "('x', 'stored', 0, NULL)"}) {
    EXPECT_THROW(
        database_.run("INSERT INTO photos (photo_name, state, size, lease_until) VALUES " +
                      std::string(values)),
        Error)
        << values;
  }
}

TEST_F(MigrationsTest, MayBeStartedByManyAtOnce) {
  database_.run(kLessonsTable);
  std::array<std::future<Names>, 4> hosts;
  for (auto& host : hosts) {
    host = std::async(std::launch::async, [&] { return migrate_now(); });
  }
  Names applied;
  for (auto& host : hosts) {
    const Names names = host.get();
    applied.insert(applied.end(), names.begin(), names.end());
  }
  std::sort(applied.begin(), applied.end());
  EXPECT_EQ(applied, all_names()) << "each by one of them";
  EXPECT_EQ(photos().size(), 3U);
}

// A host that starts with nothing to do does not wait for one whose migration takes an hour.
TEST_F(MigrationsTest, TakeNoLockWhenAllAreApplied) {
  migrate_now();
  Session other(database_.url());
  std::future<Names> migration;
  other.transact([&](pqxx::work& transaction) {
    const auto locked = transaction.exec("SELECT pg_advisory_xact_lock(x'70686f746f'::bigint)");
    migration = std::async(std::launch::async, [&] { return migrate_now(); });
    EXPECT_EQ(migration.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    return locked;
  });
  EXPECT_EQ(migration.get(), Names());
}

// A table in use holds up a migration for longer than it would an upload.
TEST_F(MigrationsTest, WaitForATableInUse) {
  database_.run(kLessonsTable);
  Session reader(database_.url());
  std::future<Names> migration;
  reader.transact([&](pqxx::work& transaction) {
    const auto rows = transaction.exec("SELECT * FROM photos");
    migration = std::async(std::launch::async, [&] { return migrate_now(); });
    EXPECT_EQ(migration.wait_for(std::chrono::milliseconds(2500)), std::future_status::timeout);
    return rows;
  });
  EXPECT_EQ(migration.get(), all_names());
}

TEST_F(MigrationsTest, LeaveNothingOfOneThatFails) {
  database_.run("CREATE TABLE photos (id SERIAL PRIMARY KEY, photo_name VARCHAR, sha256 text)");
  EXPECT_EQ(failure_of_migrate(database_.url()).substr(0, 5), "42701");
  EXPECT_EQ(database_.value("SELECT to_regclass('photodrop_migrations')"), "null");
  EXPECT_EQ(database_.value("SELECT count(*) FROM information_schema.columns"
                            " WHERE table_schema = current_schema() AND table_name = 'photos'"),
            "3");
}

TEST_F(MigrationsTest, AreMissedByWhoWatchesTheLedger) {
  Session session(database_.url());
  PostgresLedgerCensus census(session);
  EXPECT_THROW(census.check(), Error);
  migrate_now();
  EXPECT_NO_THROW(census.check());
  database_.run("DELETE FROM photodrop_migrations WHERE name = '" + all_names().back() + "'");
  try {
    census.check();
    ADD_FAILURE() << "nothing was missed";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::database_unavailable);
    EXPECT_EQ(error.cause(), "the migration " + all_names().back() + " was not applied");
  }
}

TEST_F(MigrationsTest, SurviveABrokenUrlWithoutTellingItsPassword) {
  for (const char* const url :
       {"postgresql://u:hunter2@127.0.0.1:1/photos", "postgresql://u:hunter2@no.invalid/photos",
        "postgresql://u:hunter2@127.0.0.1/photos?sslmode=hunter"}) {
    const std::string cause = failure_of_migrate(connection_url(url).value());
    EXPECT_NE(cause, "none");
    EXPECT_EQ(cause.find("hunter2"), std::string::npos) << cause;
  }
}

}  // namespace
}  // namespace photodrop::testing
