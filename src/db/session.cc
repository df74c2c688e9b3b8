#include "db/session.h"

#include <poll.h>

#include "base/digest.h"

namespace photodrop {

std::chrono::sys_time<std::chrono::microseconds> ledger_time(
    pqxx::transaction_base& transaction) {
  const auto rows =
      query(transaction, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
  return std::chrono::sys_time<std::chrono::microseconds>(
      std::chrono::microseconds(rows[0][0].as<std::int64_t>()));
}

bool is_no_longer_the_primary(const pqxx::sql_error& error) {
  const std::string& state = error.sqlstate();
  return state == "25006" || state.starts_with("57P");
}

bool is_about_preparing(const pqxx::sql_error& error) {
  const std::string& state = error.sqlstate();
  return state == "26000" || state == "42P05" || state == "0A000";
}

bool was_closed_while_idle(const pqxx::connection& connection) {
  pollfd readable{.fd = connection.sock(), .events = POLLIN, .revents = 0};
  return poll(&readable, 1, 0) != 0;
}

Error database_error(const std::string& cause) {
  return {Fault::database_unavailable,
          "The database is not available just now. Please try again.", cause};
}

// By its name, of at most 63 characters, a statement is the same one to all who share a server
// behind a pooler.
const std::string& Session::prepared(const std::string& sql) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end()) {
    const std::string name = "photodrop_" + digest_name(sql);
    connection_->prepare(name, sql);
    found = prepared_.emplace(sql, name).first;
  }
  return found->second;
}

pqxx::connection& Session::connection() {
  if (connection_ && was_closed_while_idle(*connection_)) connection_.reset();
  if (!connection_) {
    prepared_.clear();
    connection_.emplace(url_);
  }
  return *connection_;
}

}  // namespace photodrop
