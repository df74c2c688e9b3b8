// A PostgreSQL database of a test's own: a schema in the database of DATABASE_URL, the only one
// on the search path of its URL. It takes milliseconds to make, and nothing but its name tells
// it from a database to the code under test.
#pragma once

#include <string>

#include "db/session.h"

namespace photodrop::testing {

class TestDatabase {
 public:
  // Empty. Throws when there is no server.
  TestDatabase();
  // Takes all that is in it along.
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // As connection_url() makes it.
  const std::string& url() const { return url_; }

  // Runs statements on a connection of its own, each call in a transaction.
  void run(const std::string& sql);

  // The first value that a query gives, as text; "none" when there is no row, "null" for NULL.
  std::string value(const std::string& sql);

  // Ends all other connections to this database, as a restart of the server would.
  void end_other_connections();

 private:
  std::string name_;
  std::string url_;
  Session session_;
};

}  // namespace photodrop::testing
