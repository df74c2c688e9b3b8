#include "server/reexec.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sstream>
#include <string>

#include "base/log.h"

namespace photodrop {
namespace {

constexpr const char* kWorkers = "PHOTODROP_WORKERS";

void execute(const std::filesystem::path& program, const char* command) {
  execl(program.c_str(), program.c_str(), command, static_cast<char*>(nullptr));
}

// What it has to complain of it writes to the log itself.
bool accepts_settings(const std::filesystem::path& program) {
  const pid_t child = fork();
  if (child == 0) {
    execute(program, "check");
    std::_Exit(EXIT_FAILURE);
  }
  int status = EXIT_FAILURE;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

// A number that came from elsewhere may be a stranger's.
bool is_child(pid_t pid) {
  siginfo_t state{};
  return waitid(P_PID, static_cast<id_t>(pid), &state, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void pass_workers(const std::vector<pid_t>& workers) {
  std::string pids;
  for (const pid_t worker : workers) pids += std::to_string(worker) + " ";
  setenv(kWorkers, pids.c_str(), 1);
}

}  // namespace

std::filesystem::path own_program() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

void reexec(const std::filesystem::path& program, const InheritedState& state) {
  log(Level::info, "starting anew");
  if (!accepts_settings(program)) {
    log(Level::error, "not started anew: the program refused its settings");
    return;
  }
  try {
    pass_workers(state.workers);
    state.statistics.pass_on();
    pass_listeners(state.listeners);
    execute(program, "serve");
    log(Level::error, "not started anew", {{"cause", std::strerror(errno)}});
  } catch (const std::exception& error) {
    log(Level::error, "not started anew", {{"cause", error.what()}});
  }
  state.statistics.stop_passing_on();
  stop_passing_listeners();
  unsetenv(kWorkers);
}

std::vector<pid_t> inherit_workers() {
  const char* const left = std::getenv(kWorkers);
  std::istringstream pids(left == nullptr ? "" : left);
  std::vector<pid_t> workers;
  for (pid_t pid = 0; pids >> pid;) {
    if (is_child(pid)) workers.push_back(pid);
  }
  unsetenv(kWorkers);
  return workers;
}

}  // namespace photodrop
