// The UNIX socket that nginx connects to.
#pragma once

#include <cstddef>
#include <string>

#include "base/unique_fd.h"

namespace photodrop {

constexpr std::size_t kLongestSocketPath = 107;  // bytes: sockaddr_un

struct ListenerOptions {
  std::string path;
  int backlog = 64;  // connections waiting for a worker; nginx answers 503 to those beyond
};

// Binds and listens: non-blocking, closed on exec, mode 0660, since whoever can connect is
// trusted. A socket file that nobody listens on any more is replaced. Throws std::runtime_error
// with one sentence when another process listens there or the path cannot be used.
UniqueFd listen_on(const ListenerOptions& options);

// The same for a socket that another program has bound: connections waiting for a worker.
void set_backlog(const UniqueFd& listener, int backlog);

// The path that the socket was bound to, wherever settings say it should be now.
std::string path_of(const UniqueFd& listener);

// Removes the file of the socket that was bound here.
void remove_socket(const UniqueFd& listener);

}  // namespace photodrop
