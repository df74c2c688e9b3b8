#include "server/systemd.h"

#include <fcntl.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace photodrop {
namespace {

constexpr const char* kOurOwn = "photodrop-own";

}  // namespace

std::optional<InheritedListener> inherit_listener() {
  const char* const names = std::getenv("LISTEN_FDNAMES");
  const bool is_systemds = names == nullptr || std::strcmp(names, kOurOwn) != 0;
  const int count = sd_listen_fds(1);
  if (count <= 0) return std::nullopt;
  if (count > 1)
    throw std::runtime_error("Cannot listen on more than one socket of systemd's.");
  UniqueFd fd(SD_LISTEN_FDS_START);
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
  return InheritedListener{.fd = std::move(fd), .is_systemds = is_systemds};
}

void bequeath_listener(int fd, bool is_systemds) {
  if (fd == SD_LISTEN_FDS_START) {
    fcntl(fd, F_SETFD, 0);
  } else if (dup2(fd, SD_LISTEN_FDS_START) < 0) {
    throw std::runtime_error(std::string("Cannot hand over the socket: ") +
                             std::strerror(errno) + ".");
  }
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  setenv("LISTEN_FDS", "1", 1);
  setenv("LISTEN_FDNAMES", is_systemds ? "photodrop.socket" : kOurOwn, 1);
}

void tell_systemd(const char* state) {
  sd_notify(0, state);
}

}  // namespace photodrop
