// The ledger in a real PostgreSQL, and ways to make it fail.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "db/migrations.h"
#include "db/postgres_cleanup_queue.h"
#include "db/postgres_ledger_census.h"
#include "db/postgres_photo_index.h"
#include "db/postgres_photo_store.h"
#include "db/postgres_thumbnail_ledger.h"
#include "support/photo_store_harness.h"
#include "support/test_database.h"

namespace photodrop::testing {

class PostgresHarness : public PhotoStoreHarness {
 public:
  PostgresHarness() : session_(database_.url()), store_(session_) { migrate(database_.url()); }

  PhotoStore& store() override { return store_; }
  CleanupQueue& queue() override { return queue_; }
  PhotoIndex& index() override { return index_; }
  LedgerCensus& census() override { return census_; }
  ThumbnailLedger& thumbnails() override { return thumbnails_; }
  TestDatabase& database() { return database_; }

  void insert_as_lesson(std::int64_t count) override {
    database_.run(
        "INSERT INTO photos (photo_name) SELECT 'uuid_' || n || '.jpg'"
        " FROM generate_series(1, " +
        std::to_string(count) + ") n");
  }

  void age(std::int64_t id, std::chrono::seconds by) override {
    const std::string interval = " - interval '" + std::to_string(by.count()) + " seconds'";
    database_.run("UPDATE photos SET created_at = created_at" + interval +
                  ", lease_until = lease_until" + interval +
                  " WHERE id = " + std::to_string(id));
  }

  void age(const ThumbnailId& id, std::chrono::seconds by) override {
    database_.run("UPDATE photodrop_thumbnails SET lease_until = lease_until - interval '" +
                  std::to_string(by.count()) + " seconds' WHERE photo = " +
                  std::to_string(id.photo) + " AND box = " + std::to_string(id.box));
  }

  void mark_deleting(std::int64_t id) override {
    database_.run("UPDATE photos SET state = 'deleting', lease_until = now() WHERE id = " +
                  std::to_string(id));
  }

  std::string state_of(std::int64_t id) override {
    return database_.value("SELECT state FROM photos WHERE id = " + std::to_string(id));
  }

  // Makes each change of the table do this, at COMMIT, in PL/pgSQL.
  void at_commit(const std::string& action, const std::string& table = "photos") {
    database_.run("CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " +
                  action +
                  "; RETURN NULL; END $$;"
                  "CREATE CONSTRAINT TRIGGER acts AFTER INSERT OR UPDATE OR DELETE ON " +
                  table + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION act()");
  }

  // Cuts the connection in the middle of the next `count` COMMITs. A sequence counts, for it
  // does not go back with the transaction.
  void lose_commits(int count, const std::string& table = "photos") {
    database_.run("CREATE SEQUENCE commits");
    at_commit("IF nextval('commits') <= " + std::to_string(count) +
                  " THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF",
              table);
  }

 private:
  TestDatabase database_;
  Session session_;
  PostgresPhotoStore store_;
  PostgresCleanupQueue queue_{session_};
  PostgresPhotoIndex index_{session_};
  PostgresLedgerCensus census_{session_};
  PostgresThumbnailLedger thumbnails_{session_};
};

// The cause of the Error{database_unavailable} that `call` throws; "none" when it throws none.
template <class Call>
std::string cause_of(Call call) {
  try {
    call();
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::database_unavailable);
    return error.cause();
  }
}

}  // namespace photodrop::testing
