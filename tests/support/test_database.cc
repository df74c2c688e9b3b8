#include "support/test_database.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/digest.h"
#include "db/connection_url.h"
#include "support/environment.h"

namespace photodrop::testing {
namespace {

// The URL of DATABASE_URL with sessions that are called `name` and look for tables in the
// schema `name` alone.
std::string url_of(const std::string& name) {
  std::string given = required_setting("DATABASE_URL");
  given += given.find('?') == std::string::npos ? '?' : '&';
  const auto url = connection_url(given + "application_name=" + name);
  if (!url) throw std::runtime_error("DATABASE_URL is no PostgreSQL URL");
  static constexpr std::string_view kOptions = "options=";
  const std::size_t options = url->find(kOptions) + kOptions.size();
  return url->substr(0, options) + "-c%20search_path%3D" + name + "%20" + url->substr(options);
}

}  // namespace

TestDatabase::TestDatabase()
    : name_("photodrop_test_" + random_uuid().substr(0, 8)),
      url_(url_of(name_)),
      session_(url_) {
  run("CREATE SCHEMA " + name_);
}

TestDatabase::~TestDatabase() {
  try {
    end_other_connections();
    run("SET LOCAL client_min_messages = warning; DROP SCHEMA " + name_ + " CASCADE");
  } catch (const Error& error) {
    ADD_FAILURE() << name_ << " is left behind: " << error.cause();
  }
}

void TestDatabase::run(const std::string& sql) {
  session_.transact([&](pqxx::work& transaction) { return transaction.exec(sql); });
}

std::string TestDatabase::value(const std::string& sql) {
  const pqxx::result rows =
      session_.transact([&](pqxx::work& transaction) { return transaction.exec(sql); });
  if (rows.empty()) return "none";
  return rows[0][0].is_null() ? "null" : rows[0][0].as<std::string>();
}

void TestDatabase::end_other_connections() {
  run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
      " WHERE application_name = '" +
      name_ + "' AND pid <> pg_backend_pid()");
}

}  // namespace photodrop::testing
