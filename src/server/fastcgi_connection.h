// One request of a web server over FastCGI 1.0 (https://fastcgi-archives.github.io), spoken by
// libfcgi. The only user of libfcgi.
//
// libfcgi has faults that its users must contain. A management record can overflow its stack,
// so the first record is checked before libfcgi reads anything, and only nginx's group may open
// the socket (server/listener.h). Its accept loop can miss SIGTERM, so the worker accepts
// connections itself (server/worker.cc). It bounds neither the number nor the size of a
// request's variables; nginx does (large_client_header_buffers).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "base/unique_fd.h"

namespace photodrop {

// The peer has closed the connection, sent or read nothing until the socket's timeout, or does
// not speak FastCGI: there is nobody to respond to.
class PeerGone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All calls but close() may throw PeerGone, and are made in this order.
class FastCgiConnection {
 public:
  // `peer` is a connected socket in blocking mode with timeouts for reading and writing.
  explicit FastCgiConnection(UniqueFd peer);
  ~FastCgiConnection();
  FastCgiConnection(const FastCgiConnection&) = delete;
  FastCgiConnection& operator=(const FastCgiConnection&) = delete;

  using TakeVariable = std::function<void(std::string_view name, std::string_view value)>;

  // Reads the request's CGI variables.
  void read_variables(const TakeVariable& take);

  // Reads exactly `size` bytes of the body into `to`. A body that ends before that counts as a
  // closed connection.
  void read_body(char* to, std::size_t size);

  // Reads the end of the request; call it only after the whole body was read.
  void read_end();

  // Throws when the peer has closed its side in the meantime.
  void expect_peer() const;

  // Appends to the response; sent whenever libfcgi's buffer is full.
  void write(std::string_view bytes);

  // Sends what is buffered and the end of the response. A connection that is closed without it
  // tells the peer that the response is incomplete.
  void end();

  // Closes the connection. Unread bytes of the peer are read first: closing a socket that holds
  // some may discard the response on its way.
  void close();

 private:
  struct Request;

  void check_first_record() const;

  UniqueFd peer_;
  std::unique_ptr<Request> request_;
  bool is_at_end_ = false;  // of what the peer sends
};

}  // namespace photodrop
