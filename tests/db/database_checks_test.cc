// INTEGRATION: what the doctor finds in a real PostgreSQL.
#include "db/database_checks.h"

#include <gtest/gtest.h>

#include "db/connection_url.h"
#include "db/migrations.h"
#include "support/diagnoses.h"
#include "support/test_database.h"

namespace photodrop::testing {
namespace {

using Verdict = Diagnosis::Verdict;

class DatabaseChecks : public ::testing::Test {
 protected:
  std::vector<Diagnosis> check(int workers = 8) {
    return check_database(database_.url(), workers);
  }

  std::string schema() { return database_.value("SELECT current_schema()"); }

  TestDatabase database_;
};

TEST_F(DatabaseChecks, FindAMigratedDatabaseGood) {
  migrate(database_.url());
  const auto found = check();
  ASSERT_EQ(found.size(), 4U);
  for (const Diagnosis& finding : found) {
    EXPECT_EQ(finding.verdict, Verdict::good) << finding.name << ": " << finding.text;
    EXPECT_EQ(finding.hint, "");
  }
  const std::string version = database_.value("SELECT current_setting('server_version')");
  expect_text(found, "database reach", "PostgreSQL " + version.substr(0, version.find(' ')));
  expect_text(found, "database reach",
              ", database " + database_.value("SELECT current_database()"));
  expect_text(found, "database migrations", std::string(migrations().back().name));
}

TEST_F(DatabaseChecks, ChangeNothing) {
  check();
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_class JOIN pg_namespace n"
                            " ON n.oid = relnamespace WHERE nspname = current_schema()"),
            "0");
}

TEST_F(DatabaseChecks, MissTheMigrationsOfAFreshDatabase) {
  const auto found = check();
  EXPECT_EQ(verdict_of(found, "database reach"), Verdict::good);
  EXPECT_EQ(verdict_of(found, "database rights"), Verdict::skipped);
  EXPECT_EQ(verdict_of(found, "database migrations"), Verdict::bad);
  EXPECT_EQ(verdict_of(found, "database connections"), Verdict::good);
  expect_text(found, "database migrations", "0001_ledger, 0002_cleanup");
  expect_hint(found, "database migrations", "photodrop migrate");
}

TEST_F(DatabaseChecks, NameTheOneMigrationThatIsMissing) {
  migrate(database_.url());
  database_.run("DELETE FROM photodrop_migrations WHERE name = '0002_cleanup'");
  const auto found = check();
  EXPECT_EQ(verdict_of(found, "database migrations"), Verdict::bad);
  EXPECT_EQ(finding_of(found, "database migrations").text, "not applied: 0002_cleanup");
}

TEST_F(DatabaseChecks, WarnOfAMigrationThatIsNewerThanTheProgram) {
  migrate(database_.url());
  database_.run("INSERT INTO photodrop_migrations (name) VALUES ('9999_future')");
  const auto found = check();
  EXPECT_EQ(verdict_of(found, "database migrations"), Verdict::warning);
  expect_text(found, "database migrations", "9999_future");
  expect_hint(found, "database migrations", "newer photodrop");
}

// An owner may take rights from itself, and is no superuser here.
TEST_F(DatabaseChecks, NameTheRightsThatTheRoleLacks) {
  migrate(database_.url());
  database_.run("REVOKE DELETE ON photos FROM CURRENT_USER");
  auto found = check();
  EXPECT_EQ(verdict_of(found, "database rights"), Verdict::bad);
  EXPECT_EQ(finding_of(found, "database rights").text, "the role lacks DELETE on table photos");
  expect_hint(found, "database rights", "GRANT");

  database_.run(
      "REVOKE ALL ON photos FROM CURRENT_USER;"
      "REVOKE ALL ON SEQUENCE photos_id_seq FROM CURRENT_USER");
  found = check();
  for (const char* const kind : {"SELECT", "INSERT", "UPDATE", "DELETE"}) {
    expect_text(found, "database rights", std::string(kind) + " on table photos");
  }
  expect_text(found, "database rights", "USAGE on sequence " + schema() + ".photos_id_seq");
  EXPECT_EQ(verdict_of(found, "database migrations"), Verdict::good);
}

TEST_F(DatabaseChecks, MissTheRightToLookTokensUp) {
  migrate(database_.url());
  database_.run("REVOKE ALL ON photodrop_tokens FROM CURRENT_USER");
  EXPECT_EQ(finding_of(check(), "database rights").text,
            "the role lacks SELECT on table photodrop_tokens");
  database_.run("DROP TABLE photodrop_tokens");
  EXPECT_EQ(verdict_of(check(), "database rights"), Verdict::good);
}

TEST_F(DatabaseChecks, MissTheRightToRecordThumbnails) {
  migrate(database_.url());
  database_.run("REVOKE ALL ON photodrop_thumbnails FROM CURRENT_USER");
  EXPECT_EQ(finding_of(check(), "database rights").text,
            "the role lacks SELECT on table photodrop_thumbnails, INSERT on table"
            " photodrop_thumbnails, UPDATE on table photodrop_thumbnails");
}

TEST_F(DatabaseChecks, DoNotKnowMigrationsThatTheRoleMayNotRead) {
  migrate(database_.url());
  database_.run("REVOKE ALL ON photodrop_migrations FROM CURRENT_USER");
  const auto found = check();
  EXPECT_EQ(verdict_of(found, "database rights"), Verdict::good);
  EXPECT_EQ(verdict_of(found, "database migrations"), Verdict::skipped);
}

TEST_F(DatabaseChecks, SeeNoTableInASchemaThatIsClosedToTheRole) {
  migrate(database_.url());
  const std::string name = schema();
  database_.run("REVOKE USAGE ON SCHEMA " + name + " FROM CURRENT_USER");
  const auto found = check();
  database_.run("GRANT USAGE ON SCHEMA " + name + " TO CURRENT_USER");
  EXPECT_EQ(verdict_of(found, "database rights"), Verdict::skipped);
  EXPECT_EQ(verdict_of(found, "database migrations"), Verdict::bad);
}

TEST_F(DatabaseChecks, CountConnectionsForTheWorkersAndOneCommand) {
  const int most = std::stoi(database_.value("SELECT current_setting('max_connections')"));
  auto found = check(most);
  EXPECT_EQ(verdict_of(found, "database connections"), Verdict::warning);
  expect_text(found, "database connections", "max_connections is " + std::to_string(most));
  expect_text(found, "database connections", "need " + std::to_string(most + 1));
  expect_hint(found, "database connections", "each host");
  EXPECT_EQ(verdict_of(check(1), "database connections"), Verdict::good);
}

// The number before "in use by others".
int others_in(const std::vector<Diagnosis>& found) {
  const std::string text = finding_of(found, "database connections").text;
  const std::size_t end = text.find(" in use by others");
  if (end == std::string::npos) return -1;
  return std::stoi(text.substr(text.rfind(' ', end - 1) + 1));
}

TEST_F(DatabaseChecks, CountTheSessionsOfOtherPrograms) {
  TestDatabase other;
  Session idle(other.url());
  const int count = idle.transact([&](pqxx::work&) { return others_in(check()); });
  EXPECT_GE(count, 1) << "the other database's sessions have another name";
  const std::string own = database_.value("SELECT current_setting('application_name')");
  EXPECT_EQ(std::to_string(others_in(check())),
            database_.value("SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL AND"
                            " usesysid IS NOT NULL AND application_name <> '" +
                            own + "'"));
}

TEST_F(DatabaseChecks, SkipTheRestWhenTheDatabaseCannotBeReached) {
  for (const std::string& url : {std::string("postgresql://u:hunter2@127.0.0.1:1/photos"),
                                 std::string("postgresql://u:hunter2@no.invalid/photos")}) {
    const auto found = check_database(connection_url(url).value(), 8);
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found.front().verdict, Verdict::bad);
    expect_hint(found, "database reach", "DATABASE_URL");
    for (std::size_t i = 1; i < found.size(); ++i) {
      EXPECT_EQ(found[i].verdict, Verdict::skipped) << found[i].name;
    }
    expect_nowhere(found, "hunter2");
    EXPECT_EQ(found.front().text.find('\n'), std::string::npos) << found.front().text;
  }
  expect_text(check_database(connection_url("postgresql://u:p@127.0.0.1:1/x").value(), 8),
              "database reach", "Connection refused");
}

TEST_F(DatabaseChecks, TellWhoIsNotLetInWithoutThePassword) {
  const std::string& url = database_.url();
  const auto found =
      check_database("postgresql://nobody_of_this_name:hunter2" + url.substr(url.find('@')), 8);
  EXPECT_EQ(verdict_of(found, "database reach"), Verdict::bad);
  expect_text(found, "database reach", "nobody_of_this_name");
  expect_nowhere(found, "hunter2");
}

}  // namespace
}  // namespace photodrop::testing
