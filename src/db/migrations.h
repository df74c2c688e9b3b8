// The schema's history, compiled in from src/db/migrations/*.sql, and how it is applied.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace photodrop {

struct Migration {
  std::string_view name;  // the file's stem, "0001_name": its order and its identity
  std::string_view sql;
};

// All of them, in the order of their names.
std::span<const Migration> migrations();

// Applies those that the database at `database_url` (connection_url) has not seen and returns
// their names. Each runs in a transaction of its own with its entry in photodrop_migrations,
// all under one advisory lock, so that several hosts may start it at once; one that the
// database has seen waits for nobody. Throws Error{database_unavailable} when the database does
// not answer or refuses.
std::vector<std::string> migrate(const std::string& database_url);

}  // namespace photodrop
