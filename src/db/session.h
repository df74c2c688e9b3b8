// One connection to PostgreSQL and the rules of using libpqxx that both versions 6.4 and 7
// keep.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/meter.h"

namespace photodrop {

// Runs one statement with parameters $1, $2, …
template <class... Args>
pqxx::result query(pqxx::transaction_base& transaction, const std::string& sql,
                   Args&&... args) {
  return transaction.exec_params(sql, std::forward<Args>(args)...);
}

// The time by the database's clock, in microseconds since 1970.
std::chrono::sys_time<std::chrono::microseconds> ledger_time(
    pqxx::transaction_base& transaction);

// What the client is told and the log reads of a fault of the database.
Error database_error(const std::string& cause);

// The connection broke while something was committed: whether that took effect, only the rows
// can tell. A caller that cannot ask them lets it pass for the fault that it is.
class InDoubt : public Error {
 public:
  explicit InDoubt(const Error& error) : Error(error) {}
};

// A server that became a standby, or is ending, keeps refusing: another one may be the primary.
bool is_no_longer_the_primary(const pqxx::sql_error& error);

// The server knows nothing of a statement that was prepared, knows it already, or cannot run it
// any more because a table was altered. It was not run.
bool is_about_preparing(const pqxx::sql_error& error);

// Whether the server has closed an idle connection, or said why it is about to.
bool was_closed_while_idle(const pqxx::connection& connection);

// A connection made on first use and made anew after it broke: a connection object is never
// used again once it threw broken_connection, or it would lose its settings on its own
// reconnect. Not for use across a fork.
//
// Behind a pooler each statement may go to another server, which knows nothing of those that
// were prepared. A session that finds that out, or that a table was altered, prepares none any
// more.
class Session {
 public:
  explicit Session(std::string url) : url_(std::move(url)) {}

  // Runs work(transaction) in one transaction and commits. A connection that turns out to be
  // broken before COMMIT was sent is replaced and the work done once more. Throws
  // Error{database_unavailable}, as InDoubt when it may have been done all the same.
  template <class Work>
  auto transact(Work&& work) {
    return run<pqxx::work>(std::forward<Work>(work));
  }

  // The same for one statement that only reads, with its parameters. Sent by itself it needs no
  // BEGIN and no COMMIT, which are round trips, and is done once more wherever the connection
  // broke. The server parses it once for each connection.
  template <class... Args>
  pqxx::result read(const std::string& sql, const Args&... args) {
    return run<pqxx::nontransaction>(
        [&](pqxx::nontransaction& alone) { return execute(alone, sql, args...); });
  }

  // The same for one statement that changes something. Never done twice: when the connection
  // breaks after it was sent, it may have taken effect, and that is InDoubt.
  template <class... Args>
  pqxx::result change(const std::string& sql, const Args&... args) {
    return run<pqxx::nontransaction>(
        [&](pqxx::nontransaction& alone) { return execute(alone, sql, args...); },
        OnBreak::doubt);
  }

  // What the database has cost since this session was made: transactions, those done once more
  // counted twice, and connecting.
  const Meter& meter() const { return meter_; }

 private:
  enum class OnBreak { once_more, doubt };

  template <class Transaction, class Work>
  auto run(Work&& work, OnBreak on_break = OnBreak::once_more) {
    const Stopwatch running(meter_);
    for (bool again = true;; again = false) {
      bool is_in_doubt = false;
      ++meter_.attempts;
      try {
        Transaction transaction(connection());
        is_in_doubt = on_break == OnBreak::doubt;
        auto result = work(transaction);
        transaction.commit();
        return result;
      } catch (const pqxx::in_doubt_error& error) {
        connection_.reset();
        throw InDoubt(failure(error.what()));
      } catch (const pqxx::broken_connection& error) {
        connection_.reset();
        if (is_in_doubt) throw InDoubt(failure(error.what()));
        if (!again) throw failure(error.what());
        ++meter_.errors;
      } catch (const pqxx::sql_error& error) {
        const std::string cause = error.sqlstate() + " " + error.what();
        const bool is_lost = is_no_longer_the_primary(error);
        if (is_lost) connection_.reset();
        if (is_lost && is_in_doubt) throw InDoubt(failure(cause));
        throw failure(cause);
      } catch (const pqxx::failure& error) {
        // Rolled back, by a deadlock for one: no sql_error before libpqxx 7.
        throw failure(error.what());
      }
    }
  }

  template <class... Args>
  pqxx::result execute(pqxx::nontransaction& alone, const std::string& sql,
                       const Args&... args) {
    if (prepares_) {
      try {
        return alone.exec_prepared(prepared(sql), args...);
      } catch (const pqxx::sql_error& error) {
        if (!is_about_preparing(error)) throw;
        prepares_ = false;
      }
    }
    return query(alone, sql, args...);
  }

  // The name under which this connection knows the statement.
  const std::string& prepared(const std::string& sql);

  Error failure(const std::string& cause) {
    ++meter_.errors;
    return database_error(cause);
  }

  pqxx::connection& connection();

  std::string url_;
  Meter meter_;
  std::optional<pqxx::connection> connection_;
  std::map<std::string, std::string> prepared_;  // its statements' names, by their SQL
  bool prepares_ = true;
};

}  // namespace photodrop
