#include "db/session.h"

#include <poll.h>

#include "base/digest.h"

namespace photodrop {
namespace {

constexpr std::string_view kPart = "database";  // for the breaker's lines in the log

}  // namespace

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
  auto& known = connection_->prepared;
  auto found = known.find(sql);
  if (found == known.end()) {
    const std::string name = "photodrop_" + digest_name(sql);
    connection_->link.prepare(name, sql);
    found = known.emplace(sql, name).first;
  }
  return found->second;
}

void Session::refuse_if_open() const {
  if (breaker_ != nullptr && breaker_->is_open()) {
    throw database_error("the circuit breaker is open");
  }
}

void Session::succeeded() {
  if (breaker_ != nullptr) breaker_->record_success(kPart);
}

Error Session::failure(const std::string& cause) {
  ++meter_.errors;
  if (breaker_ != nullptr) breaker_->record_failure(kPart, cause);
  return database_error(cause);
}

Session::Connection& Session::connected() {
  const auto now = Clock::now();
  if (now < rests_until_) throw database_error("the server did not answer a moment ago");
  if (connection_ && was_closed_while_idle(connection_->link)) connection_.reset();
  if (connection_ && now - connection_->last_used >= limits_.idle && !answers(*connection_)) {
    connection_.reset();
  }
  if (!connection_) connection_.emplace(url_);
  return *connection_;
}

bool Session::answers(Connection& connection) const {
  const Limit limit(connection, limits_.idle_check);
  try {
    pqxx::nontransaction(connection.link).exec("SELECT 1");
    return true;
  } catch (const pqxx::failure&) {
    return false;
  }
}

// What libpqxx says of a connection that the timer has shut down misleads.
Session::Break Session::give_up_connection(const std::exception& error) {
  Break broken{.cause = error.what(), .is_worth_another = connection_.has_value()};
  if (connection_ && connection_->timer.has_expired()) {
    rests_until_ = Clock::now() + limits_.rest;
    broken = {.cause = "no answer within " + std::to_string(limits_.work->count()) + " ms",
              .is_worth_another = false};
  }
  connection_.reset();
  return broken;
}

}  // namespace photodrop
