#include "server/supervisor.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <utility>

#include "base/log.h"
#include "server/signals.h"

namespace photodrop {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{1000};

milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

// The signal that came within `patience`, or 0.
int wait_for_signal(const sigset_t& signals, milliseconds patience) {
  const timespec timeout{patience.count() / 1000, (patience.count() % 1000) * 1000000};
  return std::max(sigtimedwait(&signals, nullptr, &timeout), 0);
}

bool asks_to_stop(int signal) {
  return signal == SIGTERM || signal == SIGINT;
}

}  // namespace

Supervisor::Supervisor(SupervisorOptions options, std::function<int()> worker_main)
    : options_(options),
      worker_main_(std::move(worker_main)),
      slots_(static_cast<std::size_t>(options.workers)) {}

int Supervisor::run() {
  const sigset_t signals = block_signals();
  log(Level::info, "supervisor started", {{"workers", options_.workers}});
  int signal = 0;
  while (!asks_to_stop(signal)) {
    reap(true);
    start_due();
    signal = wait_for_signal(signals, until_next_due());
  }
  return drain();
}

void Supervisor::start_due() {
  for (Slot& slot : slots_) {
    if (slot.pid == 0 && Clock::now() >= slot.due) start(slot);
  }
}

milliseconds Supervisor::until_next_due() const {
  milliseconds wait = kTick;
  for (const Slot& slot : slots_) {
    if (slot.pid == 0) wait = std::min(wait, -since(slot.due));
  }
  return std::max(wait, milliseconds(1));
}

void Supervisor::start(Slot& slot) {
  const pid_t supervisor = getpid();
  std::fflush(nullptr);  // or both processes would write what is buffered
  const pid_t pid = fork();
  if (pid == 0) become_worker(supervisor);
  if (pid < 0) {
    log(Level::error, "cannot fork", {{"errno", errno}});
    slot.due = Clock::now() + kTick;
    return;
  }
  slot.pid = pid;
  slot.started = Clock::now();
}

// A worker whose supervisor is killed drains as if it were told to.
void Supervisor::become_worker(pid_t supervisor) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != supervisor) std::_Exit(EXIT_FAILURE);
  int status = EXIT_FAILURE;
  try {
    status = worker_main_();
  } catch (const std::exception& error) {
    log(Level::error, "worker failed", {{"cause", error.what()}});
  }
  std::exit(status);
}

void Supervisor::reap(bool replace) {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                   [pid](const Slot& each) { return each.pid == pid; });
    if (slot != slots_.end()) bury(*slot, status, replace);
  }
}

void Supervisor::bury(Slot& slot, int wait_status, bool replace) {
  const milliseconds age = since(slot.started);
  const pid_t pid = std::exchange(slot.pid, 0);
  if (!replace) return;
  const bool failed_at_once = age < options_.healthy_age;
  const milliseconds next = std::max(options_.first_pause, slot.pause * 2);
  slot.pause = failed_at_once ? std::min(next, options_.longest_pause) : milliseconds(0);
  slot.due = Clock::now() + slot.pause;
  const bool hung = WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGALRM;
  log(Level::error, hung ? "worker killed by its watchdog" : "worker died",
      {{"worker", pid},
       {"signal", WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0},
       {"exit_status", WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0},
       {"age_ms", age.count()},
       {"replaced_in_ms", slot.pause.count()}});
}

void Supervisor::signal_all(int signal) const {
  for (const Slot& slot : slots_) {
    if (slot.pid != 0) kill(slot.pid, signal);
  }
}

bool Supervisor::any_alive() const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const Slot& slot) { return slot.pid != 0; });
}

int Supervisor::drain() {
  log(Level::info, "supervisor stopping");
  signal_all(SIGTERM);
  const auto start = Clock::now();
  sigset_t child_ended{};
  sigaddset(&child_ended, SIGCHLD);
  for (milliseconds left = options_.drain; any_alive() && left.count() > 0;) {
    wait_for_signal(child_ended, std::min(kTick, left));
    reap(false);
    left = options_.drain - since(start);
  }
  const bool killed = any_alive();
  if (killed) log(Level::error, "workers did not finish in time and are killed");
  signal_all(SIGKILL);
  for (const Slot& slot : slots_) {
    if (slot.pid != 0) waitpid(slot.pid, nullptr, 0);
  }
  log(Level::info, "supervisor stopped");
  return killed ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace photodrop
