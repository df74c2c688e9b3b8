#include "db/session.h"

#include <poll.h>

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

bool was_closed_while_idle(const pqxx::connection& connection) {
  pollfd readable{.fd = connection.sock(), .events = POLLIN, .revents = 0};
  return poll(&readable, 1, 0) != 0;
}

Error database_error(const std::string& cause) {
  return {Fault::database_unavailable,
          "The database is not available just now. Please try again.", cause};
}

}  // namespace photodrop
