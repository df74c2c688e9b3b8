// One request of a web server, FastCGI 1.0 as a responder speaks it: "FastCGI Specification",
// §3 (records), §5.1, §5.3, §5.5 and §6.2. Nothing more of it: a peer that multiplexes, asks
// for values or for another role is none of ours.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace photodrop {

// The peer has left, stalled for longer than the socket lets it, or does not speak FastCGI:
// nobody is there to answer.
class PeerGone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All calls but hang_up() may throw PeerGone, and are made in this order.
class FastCgiConnection {
 public:
  static constexpr std::size_t kHeaderSize = 8;

  // `peer` blocks, and has time-outs for reading and writing.
  explicit FastCgiConnection(UniqueFd peer) : peer_(std::move(peer)) {}

  using TakeVariable = std::function<void(std::string_view name, std::string_view value)>;

  // Reads the request's CGI variables.
  void read_variables(const TakeVariable& take);

  // Reads so many bytes of the body. One that ends before is taken for a peer that left.
  void read_body(char* to, std::size_t size);

  // Reads the end of the request, when what was read of the body was all of it.
  void read_end();

  // That somebody still waits for the answer.
  void expect_peer() const;

  // A piece of the response, sent once there are enough of them.
  void write(std::string_view bytes);

  // Sends what is left, and that this was all. Without it the peer takes the response for
  // broken.
  void end();

  // Closes the connection. What the peer has sent and nobody has read could take the answer
  // with it, so that it is read now.
  void hang_up();

 private:
  enum class Type : unsigned char {
    begin_request = 1,
    abort_request = 2,
    params = 4,
    in = 5,
    out = 6,
  };

  void next_record(Type expected);
  std::string read_params();
  void read(char* to, std::size_t size);
  void skip(std::size_t size);
  void send_record(std::string_view more);

  UniqueFd peer_;
  std::array<char, 8192> buffer_{};  // read, and not used yet: from begin_ to end_
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t content_left_ = 0;  // of the record that is being read
  std::size_t padding_ = 0;       // behind it
  bool is_at_end_ = false;
  std::string out_ = std::string(kHeaderSize, '\0');  // a record that is kept back
};

}  // namespace photodrop
