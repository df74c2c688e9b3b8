#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace photodrop::testing {
namespace {

constexpr int kBrokenChild = 99;
constexpr std::chrono::milliseconds kPause{5};

bool becomes_readable(int fd) {
  pollfd event{fd, POLLIN, 0};
  return poll(&event, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) == 1;
}

void redirect_stderr(const std::string& log) {
  if (log.empty()) return;
  const UniqueFd file(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (dup2(file.get(), STDERR_FILENO) < 0) throw std::runtime_error("cannot write to " + log);
}

[[noreturn]] void live(const std::function<int()>& life, const std::string& log) {
  int status = kBrokenChild;
  try {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    redirect_stderr(log);
    status = life();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the child failed: %s\n", error.what());
  }
  std::exit(status);
}

}  // namespace

bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

Channel::Channel() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  receiver_ = UniqueFd(ends[0]);
  sender_ = UniqueFd(ends[1]);
}

void Channel::send(int number) const {
  if (write(sender_.get(), &number, sizeof number) != sizeof number) {
    throw std::runtime_error("cannot send a number");
  }
}

int Channel::receive() const {
  int number = 0;
  if (!becomes_readable(receiver_.get())) throw std::runtime_error("no number came");
  if (read(receiver_.get(), &number, sizeof number) != sizeof number) {
    throw std::runtime_error("the channel is closed");
  }
  return number;
}

bool Channel::empty() const {
  pollfd event{receiver_.get(), POLLIN, 0};
  return poll(&event, 1, 0) == 0;
}

void Channel::hold() {
  sender_ = UniqueFd();
  char byte = 0;
  while (read(receiver_.get(), &byte, 1) > 0) continue;
}

ChildProcess::ChildProcess(const std::function<int()>& life, const std::string& log) {
  std::fflush(nullptr);  // or both processes would write what is buffered
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) live(life, log);
}

ChildProcess::~ChildProcess() {
  if (reaped_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void ChildProcess::signal(int number) const {
  if (kill(pid_, number) != 0) throw std::runtime_error("the child is gone");
}

int ChildProcess::wait() {
  if (!ends(pid_)) throw std::runtime_error("the child does not end");
  int status = 0;
  waitpid(pid_, &status, 0);
  reaped_ = true;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool ends(pid_t pid) {
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (process.get() < 0) return errno == ESRCH;
  return becomes_readable(process.get());
}

bool exists(pid_t pid) {
  return kill(pid, 0) == 0;
}

int open_fds(pid_t pid) {
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<int>(std::distance(begin(files), end(files)));
}

}  // namespace photodrop::testing
