#include "server/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "server/descriptors.h"

namespace photodrop {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw std::runtime_error("Cannot listen on " + path + ": " + why + ".");
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  static_assert(kLongestSocketPath < sizeof address.sun_path);
  if (path.size() > kLongestSocketPath) fail(path, "the path is longer than 107 bytes");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

UniqueFd new_socket(const std::string& path) {
  UniqueFd fd =
      moved_up(UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)));
  if (fd.get() < 0) fail(path, std::strerror(errno));
  return fd;
}

void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) fail(path, "there is a file of that name");
  const UniqueFd probe = new_socket(path);
  if (connect(probe.get(), generic(address), sizeof address) == 0 || errno == EAGAIN) {
    fail(path, "another process listens there already");
  }
  if (errno == ECONNREFUSED) unlink(path.c_str());
}

}  // namespace

UniqueFd listen_on(const ListenerOptions& options) {
  const sockaddr_un address = address_of(options.path);
  remove_stale(options.path, address);
  UniqueFd fd = new_socket(options.path);
  // The mode is set by the umask, so that there is no moment at which the socket is wider open.
  const mode_t umask_before = umask(0117);
  const int bound = bind(fd.get(), generic(address), sizeof address);
  const int bind_error = errno;
  umask(umask_before);
  if (bound != 0) fail(options.path, std::strerror(bind_error));
  if (listen(fd.get(), options.backlog) != 0) fail(options.path, std::strerror(errno));
  return fd;
}

// listen(2) on a socket that listens already changes this alone.
void set_backlog(const UniqueFd& listener, int backlog) {
  if (listen(listener.get(), backlog) != 0) {
    throw std::runtime_error(std::string("Cannot listen on the socket given: ") +
                             std::strerror(errno) + ".");
  }
}

std::string path_of(const UniqueFd& listener) {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  auto* const generic_address = reinterpret_cast<sockaddr*>(&address);
  const bool known = getsockname(listener.get(), generic_address, &size) == 0;
  return known ? address.sun_path : "";
}

void remove_socket(const UniqueFd& listener) {
  unlink(path_of(listener).c_str());
}

}  // namespace photodrop
