#include "process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/unique_fd.h"

namespace photodrop {
namespace {

using Clock = std::chrono::steady_clock;

int require(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  return result;
}

// A file in memory, so that nobody has to feed the program while it answers.
UniqueFd file_of(std::string_view bytes) {
  UniqueFd file(require(memfd_create("input", MFD_CLOEXEC), "memfd_create"));
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    bytes.remove_prefix(static_cast<std::size_t>(require(static_cast<int>(written), "write")));
  }
  require(static_cast<int>(lseek(file.get(), 0, SEEK_SET)), "lseek");
  return file;
}

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  require(pipe2(ends.data(), O_CLOEXEC), "pipe2");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// What the child is to be like, as posix_spawn(3) wants it.
class Attributes {
 public:
  Attributes(int input, int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // Not every library asks for its descriptors to be closed here: libcurl's are not.
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    sigset_t none{};
    sigset_t all{};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  ~Attributes() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawn_file_actions_t* files() const { return &files_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

pid_t spawn(const Command& command, const Attributes& attributes) {
  std::vector<char*> arguments{const_cast<char*>(command.program.c_str())};
  for (const std::string& argument : command.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  char* const no_environment[] = {nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, command.program.c_str(), attributes.files(),
                                attributes.attributes(), arguments.data(), no_environment);
  if (error != 0) throw std::runtime_error(command.program + ": " + std::strerror(error));
  return pid;
}

std::string describe(int wait_status) {
  if (WIFSIGNALED(wait_status)) return "signal " + std::to_string(WTERMSIG(wait_status));
  return "exit status " + std::to_string(WEXITSTATUS(wait_status));
}

// Kills it if it still runs, and returns its wait status: one that has closed its stdout by
// ending has settled that before.
int end(pid_t child) {
  int status = 0;
  kill(child, SIGKILL);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Why the reading was given up, if it was.
std::string read_all(int fd, const Command& command, std::string& output) {
  const auto deadline = Clock::now() + command.patience;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd readable{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = poll(&readable, 1, std::max(0, static_cast<int>(left.count())));
    if (ready == 0) return "not done in time";
    const ssize_t got = ready < 0 ? ready : read(fd, buffer.data(), buffer.size());
    if (got == 0) return {};
    if (got < 0) return std::strerror(errno);
    output.append(buffer.data(), static_cast<std::size_t>(got));
    if (output.size() > command.max_output) return "too much output";
  }
}

}  // namespace

Outcome run(const Command& command) {
  const UniqueFd input = file_of(command.input);
  Pipe pipe = make_pipe();
  const pid_t child = spawn(command, Attributes(input.get(), pipe.write_end.get()));
  pipe.write_end = UniqueFd();
  std::string output;
  const std::string fault = read_all(pipe.read_end.get(), command, output);
  const int status = end(child);
  if (!fault.empty()) return {.output = std::nullopt, .cause = fault};
  if (status != 0) return {.output = std::nullopt, .cause = describe(status)};
  return {.output = std::move(output), .cause = {}};
}

}  // namespace photodrop
