// What a service gets from systemd and reports to it: sd_listen_fds(3), sd_notify(3). Without
// systemd nothing is passed and reports go nowhere. The only user of libsystemd.
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace photodrop {

// A listening socket that this process was started with.
struct InheritedListener {
  std::string name;  // FileDescriptorName= of its unit
  UniqueFd fd;       // non-blocking, closed on exec
  bool is_systemds;  // if not, the program that ran in this process before has bound it
};

// A listening socket for the next program; borrowed for the length of the call.
struct PassedListener {
  std::string name;
  int fd;
  bool is_systemds;
};

// None when the process was started without. Takes them out of the environment, so that no
// child process takes them for its own. Throws std::runtime_error.
std::vector<InheritedListener> inherit_listeners();

// Passes the sockets to the next program that this process executes, which inherits them as
// above. They stay open in this program too. Throws std::runtime_error.
void pass_listeners(const std::vector<PassedListener>& listeners);

// Takes pass_listeners() back, when the program could not be executed.
void stop_passing_listeners();

// Tells systemd the state of the service: "READY=1", "STOPPING=1", "WATCHDOG=1".
void tell_systemd(const char* state);

}  // namespace photodrop
