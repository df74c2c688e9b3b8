// A service that starts anew in its own process: the program that is at its path now, with the
// settings that are there now, takes over socket and workers. systemd sees one process all
// along.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <vector>

#include "server/shared_statistics.h"

namespace photodrop {

// Where the program that runs lies. Ask early: an upgrade puts another one there.
std::filesystem::path own_program();

struct Inheritance {
  int listen_fd;
  bool is_systemds;  // the socket
  std::vector<pid_t> workers;
  const SharedStatistics& statistics;
};

// Executes `program serve` in this process, after a child has found by `program check` that it
// accepts its settings. Returns when that failed: the log says why, nothing has changed.
void start_successor(const std::filesystem::path& program, const Inheritance& inheritance);

// The workers that the program that ran here before has left; none when none did.
std::vector<pid_t> inherit_workers();

}  // namespace photodrop
