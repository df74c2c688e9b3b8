#include "db/database_checks.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/text.h"
#include "db/migrations.h"
#include "db/session.h"

namespace photodrop {
namespace {

using enum Diagnosis::Verdict;

constexpr char kReach[] = "database reach";
constexpr char kRights[] = "database rights";
constexpr char kMigrations[] = "database migrations";
constexpr char kConnections[] = "database connections";

constexpr char kReachHint[] =
    "PostgreSQL must run at the address in DATABASE_URL and accept its user, password and "
    "database";

// libpq explains itself in several lines, one for each address that it tried.
std::string one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::string_view part = trim(take_until(text, '\n'));
    if (!line.empty() && !part.empty()) line += "; ";
    line += part;
  }
  return line;
}

std::string joined(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

std::vector<std::string> first_column(const pqxx::result& rows) {
  std::vector<std::string> values;
  for (const auto& row : rows) values.push_back(row[0].as<std::string>());
  return values;
}

// The host may be a socket's folder, and is null when libpq took its default. The connection's
// type has another name in libpqxx 7.
std::string place_of(auto& connection) {
  const char* const host = connection.hostname();
  const char* const port = connection.port();
  std::string place = host == nullptr ? "the local socket" : host;
  if (port != nullptr) place.append(":").append(port);
  return place;
}

Diagnosis check_reach(pqxx::work& transaction) {
  const auto rows =
      query(transaction, "SELECT current_setting('server_version'), current_database()");
  const auto version = rows[0][0].as<std::string>();
  return {.name = kReach,
          .text = "PostgreSQL " + version.substr(0, version.find(' ')) + " at " +
                  place_of(transaction.conn()) + ", database " + rows[0][1].as<std::string>()};
}

bool has_table(pqxx::work& transaction, const std::string& name) {
  return !query(transaction, "SELECT 1 WHERE to_regclass($1) IS NOT NULL", name).empty();
}

// What the service does with its tables, and what the role may not. A table of tokens or
// thumbnails that is not there is for the check of the migrations to tell.
Diagnosis check_rights(pqxx::work& transaction) {
  if (!has_table(transaction, "photos")) {
    return {.name = kRights,
            .verdict = skipped,
            .text = "there is no table photos yet, or not for this role"};
  }
  const auto lacking = first_column(
      query(transaction,
            "SELECT kind || ' on table photos'"
            " FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS kind"
            " WHERE NOT has_table_privilege('photos', kind)"
            " UNION ALL SELECT 'SELECT on table photodrop_tokens'"
            " WHERE NOT has_table_privilege(to_regclass('photodrop_tokens'), 'SELECT')"
            " UNION ALL SELECT kind || ' on table photodrop_thumbnails'"
            " FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS kind"
            " WHERE NOT has_table_privilege(to_regclass('photodrop_thumbnails'), kind)"
            " UNION ALL SELECT 'USAGE on sequence ' || name"
            " FROM (SELECT pg_get_serial_sequence('photos', 'id') AS name) AS sequence"
            " WHERE NOT has_sequence_privilege(name, 'USAGE')"));
  if (lacking.empty()) {
    return {.name = kRights, .text = "the role may use the tables as the service does"};
  }
  return {.name = kRights,
          .verdict = bad,
          .text = "the role lacks " + joined(lacking),
          .hint =
              "GRANT what is lacking to the role of DATABASE_URL, or make it the owner of "
              "the tables"};
}

// The names in `some` that `others` lacks.
std::vector<std::string> without(const std::vector<std::string>& some,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  for (const std::string& name : some) {
    if (std::find(others.begin(), others.end(), name) == others.end()) rest.push_back(name);
  }
  return rest;
}

Diagnosis compare_migrations(const std::vector<std::string>& applied) {
  std::vector<std::string> known;
  for (const Migration& migration : migrations()) known.emplace_back(migration.name);
  if (const auto missing = without(known, applied); !missing.empty()) {
    return {.name = kMigrations,
            .verdict = bad,
            .text = "not applied: " + joined(missing),
            .hint = "run `photodrop migrate`"};
  }
  if (const auto newer = without(applied, known); !newer.empty()) {
    return {.name = kMigrations,
            .verdict = warning,
            .text = "this program does not know " + joined(newer),
            .hint = "a newer photodrop has migrated the database: install it here too"};
  }
  return {.name = kMigrations, .text = "up to date with " + known.back()};
}

Diagnosis check_migrations(pqxx::work& transaction) {
  if (!has_table(transaction, "photodrop_migrations")) return compare_migrations({});
  const auto readable =
      query(transaction, "SELECT has_table_privilege('photodrop_migrations', 'SELECT')");
  if (!readable[0][0].as<bool>()) {
    return {.name = kMigrations,
            .verdict = skipped,
            .text = "the role may not read the table photodrop_migrations"};
  }
  return compare_migrations(
      first_column(query(transaction, "SELECT name FROM photodrop_migrations ORDER BY name")));
}

// Sessions of our name are the workers, here and on other hosts, and so part of the need.
Diagnosis check_connections(pqxx::work& transaction, int workers) {
  const auto rows =
      query(transaction,
            "SELECT current_setting('max_connections')::int,"
            " current_setting('superuser_reserved_connections')::int"
            " + coalesce(current_setting('reserved_connections', true)::int, 0),"
            " (SELECT count(*) FROM pg_stat_activity"
            "  WHERE datid IS NOT NULL AND usesysid IS NOT NULL"
            "  AND application_name IS DISTINCT FROM current_setting('application_name'))");
  const int most = rows[0][0].as<int>();
  const int reserved = rows[0][1].as<int>();
  const int others = rows[0][2].as<int>();
  const int needed = workers + 1;
  const std::string numbers =
      "max_connections is " + std::to_string(most) + ", less " + std::to_string(reserved) +
      " in reserve and " + std::to_string(others) + " in use by others; " +
      std::to_string(workers) + " workers and one command need " + std::to_string(needed);
  if (most - reserved - others >= needed) {
    return {.name = kConnections, .text = numbers + " on each host"};
  }
  return {.name = kConnections,
          .verdict = warning,
          .text = numbers,
          .hint =
              "raise max_connections or lower UPLOAD_WORKERS, WORKERS or THUMBNAIL_WORKERS; "
              "each host that runs photodrop needs as many"};
}

}  // namespace

std::vector<Diagnosis> check_database(const std::string& database_url, int workers) {
  struct Check {
    const char* name;
    std::function<Diagnosis(pqxx::work&)> run;
  };
  const std::vector<Check> checks = {{kReach, check_reach},
                                     {kRights, check_rights},
                                     {kMigrations, check_migrations},
                                     {kConnections, [workers](pqxx::work& transaction) {
                                        return check_connections(transaction, workers);
                                      }}};
  Session session(database_url);
  std::vector<Diagnosis> found;
  for (const Check& check : checks) {
    if (!found.empty() && found.front().verdict == bad) {
      found.push_back(
          {.name = check.name, .verdict = skipped, .text = "the database does not answer"});
      continue;
    }
    try {
      found.push_back(session.transact(check.run));
    } catch (const Error& error) {
      found.push_back({.name = check.name,
                       .verdict = bad,
                       .text = one_line(error.cause()),
                       .hint = found.empty() ? kReachHint : "PostgreSQL's log says more"});
    }
  }
  return found;
}

}  // namespace photodrop
