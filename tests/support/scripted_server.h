// An HTTP server on the loopback that does what a script says, whatever it is asked: it
// answers, falls silent or drops the line, wherever in an exchange a real store or the network
// might.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.h"

namespace photodrop::testing {

inline constexpr std::size_t kWholeBody = std::string::npos;

// What the server does with one request, once it has read the head.
struct Turn {
  enum class Then {
    keep,   // waits for the next request on the same connection
    close,  // ends the connection in an orderly way
    reset,  // ends it with a RST
    hang,   // leaves it open, reads and writes nothing more
  };

  std::size_t body_bytes = kWholeBody;  // how much of the body is read, before
  std::string answer = {};              // this is sent as it is, and
  Then then = Then::keep;
  std::chrono::milliseconds delay{0};       // before the answer, and before each part of it:
  std::size_t bytes_each = kWholeBody;      // so many bytes
  std::chrono::milliseconds read_pause{0};  // before each 16 KiB of the request
};

// A whole answer. `headers` are lines with their CRLF.
std::string http_answer(int status, std::string_view body = "", std::string_view headers = "");

// An error as S3 tells it.
std::string s3_error(int status, std::string_view code, std::string_view headers = "");

class ScriptedServer {
 public:
  struct Seen {
    std::string head;  // with the empty line
    std::string body;  // as far as it was read
    int connection;    // its number, from 1
  };

  // Serves one connection at a time, one turn a request; the last turn is repeated for ever.
  explicit ScriptedServer(std::vector<Turn> turns);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  // "127.0.0.1:port"
  const std::string& host() const { return host_; }

  // The requests so far, in their order.
  std::vector<Seen> requests() const;

 private:
  void run();
  void serve(int connection);
  bool read_request(int connection, const Turn& turn);
  bool read_more(int connection, const Turn& turn, std::string& text) const;

  const std::vector<Turn> turns_;
  UniqueFd listener_;
  UniqueFd stop_;  // readable when it is time to stop
  std::string host_;
  int connections_ = 0;
  std::size_t served_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> requests_;
  std::thread thread_;  // the last member: it uses all the others
};

// An address at which nobody listens, "127.0.0.1:port"; nobody can as long as it lives.
class DeadAddress {
 public:
  DeadAddress();

  const std::string& host() const { return host_; }

 private:
  UniqueFd socket_;
  std::string host_;
};

}  // namespace photodrop::testing
