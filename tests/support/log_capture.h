// The log as a test reads it.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "base/unique_fd.h"

namespace photodrop::testing {

// Standard error goes elsewhere for as long as this lives.
class StderrTo {
 public:
  explicit StderrTo(int fd) : before_(dup(STDERR_FILENO)) { dup2(fd, STDERR_FILENO); }
  ~StderrTo() { dup2(before_.get(), STDERR_FILENO); }
  StderrTo(const StderrTo&) = delete;
  StderrTo& operator=(const StderrTo&) = delete;

 private:
  UniqueFd before_;
};

// Stands in for standard error. Of such a socket each read gives what one write wrote.
class LogCapture {
 public:
  LogCapture() {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) != 0) {
      throw std::runtime_error("cannot make a socket");
    }
    reader_ = UniqueFd(ends[0]);
    const UniqueFd writer(ends[1]);
    redirected_.emplace(writer.get());
  }

  // What the next write wrote; nothing when there was none.
  std::string next_write() const {
    std::string bytes(65536, '\0');
    const ssize_t size = read(reader_.get(), bytes.data(), bytes.size());
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
  }

 private:
  UniqueFd reader_;
  std::optional<StderrTo> redirected_;
};

}  // namespace photodrop::testing
