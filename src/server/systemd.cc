#include "server/systemd.h"

#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/text.h"
#include "server/descriptors.h"

namespace photodrop {
namespace {

// In front of the name of a socket that is not systemd's.
constexpr std::string_view kOwn = "own-";

[[noreturn]] void fail() {
  throw std::runtime_error(std::string("Cannot pass on the sockets: ") + std::strerror(errno) +
                           ".");
}

InheritedListener listener_of(int number, std::string_view name) {
  UniqueFd fd = moved_up(UniqueFd(number));
  if (fd.get() < 0) fail();
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
  const bool is_own = name.starts_with(kOwn);
  if (is_own) name.remove_prefix(kOwn.size());
  return {.name = std::string(name), .fd = std::move(fd), .is_systemds = !is_own};
}

}  // namespace

std::vector<InheritedListener> inherit_listeners() {
  const char* const all = std::getenv("LISTEN_FDNAMES");
  const std::string names = all == nullptr ? "" : all;
  const int count = sd_listen_fds(1);
  std::vector<InheritedListener> listeners;
  listeners.reserve(static_cast<std::size_t>(std::max(count, 0)));
  std::string_view rest = names;
  for (int i = 0; i < count; ++i) {
    listeners.push_back(listener_of(SD_LISTEN_FDS_START + i, take_until(rest, ':')));
  }
  return listeners;
}

void pass_listeners(const std::vector<PassedListener>& listeners) {
  std::string names;
  int number = SD_LISTEN_FDS_START;
  for (const PassedListener& listener : listeners) {
    if (dup2(listener.fd, number++) < 0) fail();
    names += (names.empty() ? "" : ":") + std::string(listener.is_systemds ? "" : kOwn) +
             listener.name;
  }
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  setenv("LISTEN_FDS", std::to_string(listeners.size()).c_str(), 1);
  setenv("LISTEN_FDNAMES", names.c_str(), 1);
}

// The descriptors go with the variables.
void stop_passing_listeners() {
  const int count = sd_listen_fds(1);
  unsetenv("LISTEN_FDNAMES");
  for (int i = 0; i < count; ++i) close(SD_LISTEN_FDS_START + i);
}

void tell_systemd(const char* state) {
  sd_notify(0, state);
}

}  // namespace photodrop
