// What a service gets from systemd and tells it: sd_listen_fds(3), sd_notify(3). Without
// systemd nothing is there and nothing is told. The only user of libsystemd.
#pragma once

#include <optional>

#include "base/unique_fd.h"

namespace photodrop {

// A listening socket that this process was started with.
struct InheritedListener {
  UniqueFd fd;       // non-blocking, closed on exec
  bool is_systemds;  // if not, the program that ran in this process before has bound it
};

// nullopt when there is none. Takes it out of the environment, so that no child believes it to
// be its own. Throws std::runtime_error when there is more than one.
std::optional<InheritedListener> inherit_listener();

// Leaves the socket to the next program that this process executes, which inherits it as above.
// The socket stays open in this program too. Throws std::runtime_error.
void bequeath_listener(int fd, bool is_systemds);

// Tells systemd the state of the service: "READY=1", "STOPPING=1", "WATCHDOG=1".
void tell_systemd(const char* state);

}  // namespace photodrop
