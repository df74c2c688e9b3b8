// Descriptors 3 to 9 are left to those that a program is started with (sd_listen_fds(3)): all
// others that outlive an exec lie above them.
#pragma once

#include <fcntl.h>

#include "base/unique_fd.h"

namespace photodrop {

inline constexpr int kLowestOwnFd = 10;

// The same open file under a descriptor of at least kLowestOwnFd, closed on exec. Less than 0
// when there is none; errno says why.
inline UniqueFd moved_up(UniqueFd fd) {
  return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, kLowestOwnFd));
}

}  // namespace photodrop
