// One connection to PostgreSQL and the rules of using libpqxx that both versions 6.4 and 7
// keep.
#pragma once

#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "base/circuit_breaker.h"
#include "base/error.h"
#include "base/meter.h"
#include "db/socket_timer.h"

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

// How long a session waits for the server. What it has not answered by then is given up.
struct SessionLimits {
  // For a transaction, or a statement that is sent by itself. The server's own limit for a
  // statement is less (db/connection_url.h) and ends it more gently. None for what may take as
  // long as the table is large.
  std::optional<std::chrono::milliseconds> work{5500};
  // A connection that was not used for so long is tried before something is sent on it, so that
  // one that was dropped without a word leaves nothing in doubt. It has this long to answer.
  std::chrono::milliseconds idle{1000};
  std::chrono::milliseconds idle_check{1000};
  // After it has given up it refuses all work for so long: whoever wants to find out what
  // became of a change would wait for the same server once more.
  std::chrono::milliseconds rest{1000};
};

// A connection made on first use and made anew after it broke: a connection object is never
// used again once it threw broken_connection, or it would lose its settings on its own
// reconnect. Not for use across a fork.
//
// Behind a pooler each statement may go to another server, which knows nothing of those that
// were prepared. A session that finds that out, or that a table was altered, prepares none any
// more.
class Session {
 public:
  // With a breaker, which must outlive the session, work is counted there, and refused while it
  // is open.
  explicit Session(std::string url, CircuitBreaker* breaker = nullptr,
                   SessionLimits limits = SessionLimits())
      : url_(std::move(url)), breaker_(breaker), limits_(limits) {}

  // Runs work(transaction) in one transaction and commits. A connection that turns out to be
  // broken before COMMIT was sent is replaced and the work done once more, unless the limit was
  // reached. Throws Error{database_unavailable}, as InDoubt when it may have been done all the
  // same.
  template <class Work>
  auto transact(Work&& work) {
    refuse_if_open();
    return run<pqxx::work>(std::forward<Work>(work));
  }

  // The same for one statement that only reads, with its parameters. Sent by itself it needs no
  // BEGIN and no COMMIT, which are round trips, and is done once more wherever the connection
  // broke. The server parses it once for each connection.
  template <class... Args>
  pqxx::result read(const std::string& sql, const Args&... args) {
    refuse_if_open();
    return probe(sql, args...);
  }

  // The same, also while the breaker is open: it finds out whether that may be closed.
  template <class... Args>
  pqxx::result probe(const std::string& sql, const Args&... args) {
    return run<pqxx::nontransaction>(
        [&](pqxx::nontransaction& alone) { return execute(alone, sql, args...); });
  }

  // The same for one statement that changes something. Never done twice: when the connection
  // breaks after it was sent, it may have taken effect, and that is InDoubt.
  template <class... Args>
  pqxx::result change(const std::string& sql, const Args&... args) {
    refuse_if_open();
    return run<pqxx::nontransaction>(
        [&](pqxx::nontransaction& alone) { return execute(alone, sql, args...); },
        OnBreak::doubt);
  }

  // Gives the connection back; the next use makes another one.
  void disconnect() { connection_.reset(); }

  // What the database has cost since this session was made: transactions, those done once more
  // counted twice, and connecting.
  const Meter& meter() const { return meter_; }

 private:
  using Clock = std::chrono::steady_clock;

  enum class OnBreak { once_more, doubt };

  struct Connection {
    explicit Connection(const std::string& url) : link(url), timer(link.sock()) {}

    pqxx::connection link;
    SocketTimer timer;
    Clock::time_point last_used = Clock::now();
    std::map<std::string, std::string> prepared = {};  // its statements' names, by their SQL
  };

  // Limits what is done on a connection while this lives.
  class Limit {
   public:
    Limit(Connection& connection, const std::optional<std::chrono::milliseconds>& limit)
        : connection_(connection) {
      if (limit) connection_.timer.start(*limit);
    }
    ~Limit() {
      connection_.timer.stop();
      connection_.last_used = Clock::now();
    }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

   private:
    Connection& connection_;
  };

  template <class Transaction, class Work>
  auto run(Work&& work, OnBreak on_break = OnBreak::once_more) {
    const Stopwatch running(meter_);
    for (bool again = true;; again = false) {
      bool is_in_doubt = false;
      ++meter_.attempts;
      try {
        Connection& connection = connected();
        const Limit limit(connection, limits_.work);
        Transaction transaction(connection.link);
        is_in_doubt = on_break == OnBreak::doubt;
        auto result = work(transaction);
        transaction.commit();
        succeeded();
        return result;
      } catch (const pqxx::in_doubt_error& error) {
        throw InDoubt(failure(give_up_connection(error).cause));
      } catch (const pqxx::broken_connection& error) {
        const Break broken = give_up_connection(error);
        if (is_in_doubt) throw InDoubt(failure(broken.cause));
        if (!again || !broken.is_worth_another) throw failure(broken.cause);
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

  // The name under which the connection knows the statement.
  const std::string& prepared(const std::string& sql);

  void refuse_if_open() const;
  void succeeded();
  Error failure(const std::string& cause);

  // A connection that may be used, as far as that can be known. Throws what libpqxx throws, and
  // Error{database_unavailable} during the rest after a limit was reached.
  Connection& connected();
  bool answers(Connection& connection) const;

  struct Break {
    std::string cause;
    // Another connection may do better: this one broke before its limit was reached. A server
    // that could not be reached at all is not tried once more.
    bool is_worth_another;
  };

  Break give_up_connection(const std::exception& error);

  std::string url_;
  CircuitBreaker* breaker_;
  SessionLimits limits_;
  Meter meter_;
  std::optional<Connection> connection_;
  Clock::time_point rests_until_ = {};
  bool prepares_ = true;
};

}  // namespace photodrop
