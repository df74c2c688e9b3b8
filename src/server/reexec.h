// A reload: this process executes the program that is at its path now, with the settings that
// are there now, and hands it the sockets and the workers. systemd sees one process all along.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <vector>

#include "server/shared_statistics.h"
#include "server/systemd.h"

namespace photodrop {

// Where the running program lies. Ask early: an upgrade puts another one there.
std::filesystem::path own_program();

// What the next program takes over.
struct InheritedState {
  std::vector<PassedListener> listeners;
  std::vector<pid_t> workers;
  const SharedStatistics& statistics;
};

// Executes `program serve` in this process, after a child has found by `program check` that it
// accepts its settings. Returns when that failed: the log says why, nothing has changed.
void reexec(const std::filesystem::path& program, const InheritedState& state);

// The workers of the program that ran in this process before; none when none did.
std::vector<pid_t> inherit_workers();

}  // namespace photodrop
