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
#include "server/systemd.h"

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

Restart cause_of(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return WTERMSIG(wait_status) == SIGALRM ? Restart::watchdog : Restart::signal;
  }
  return WEXITSTATUS(wait_status) == EXIT_SUCCESS ? Restart::recycled : Restart::exit;
}

}  // namespace

Supervisor::Supervisor(SupervisorOptions options, Roles roles, Statistics& statistics)
    : options_(options),
      roles_(std::move(roles)),
      statistics_(statistics),
      slots_(static_cast<std::size_t>(options.workers)) {}

int Supervisor::run() {
  const sigset_t signals = block_signals();
  start_due();
  tell_systemd("READY=1");
  log(Level::info, "supervisor started");
  for (int signal = 0; !asks_to_stop(signal);) {
    reap(true);
    start_due();
    retire_old_workers();
    tell_systemd("WATCHDOG=1");
    signal = wait_for_signal(signals, until_next_due());
    if (signal == SIGHUP) start_anew();
  }
  return drain();
}

// Not before one has shown that it can take their place; to be told twice does no harm.
void Supervisor::retire_old_workers() {
  has_lived_ = has_lived_ || std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
                 return slot.pid != 0 && since(slot.started) >= options_.healthy_age;
               });
  if (!has_lived_) return;
  for (const pid_t worker : roles_.old_workers) kill(worker, SIGTERM);
}

void Supervisor::start_anew() {
  if (!roles_.start_anew) return;
  std::fflush(nullptr);
  roles_.start_anew(all_alive());
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
  Seat& seat = free_seat(statistics_);
  const pid_t pid = fork();
  if (pid == 0) become_worker(supervisor, seat);
  if (pid < 0) {
    log(Level::error, "cannot fork", {{"errno", errno}});
    slot.due = Clock::now() + kTick;
    return;
  }
  seat.pid = pid;
  slot.pid = pid;
  slot.started = Clock::now();
}

// A worker whose supervisor is killed drains as if it were told to.
void Supervisor::become_worker(pid_t supervisor, Seat& seat) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != supervisor) std::_Exit(EXIT_FAILURE);
  int status = EXIT_FAILURE;
  try {
    status = roles_.worker_main(seat);
  } catch (const std::exception& error) {
    log(Level::error, "worker failed", {{"cause", error.what()}});
  }
  std::exit(status);
}

void Supervisor::reap(bool replace) {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    release_seat(statistics_, pid);
    const bool was_old = std::erase(roles_.old_workers, pid) > 0;
    if (was_old && roles_.old_workers.empty()) log(Level::info, "old workers ended");
    const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                   [pid](const Slot& each) { return each.pid == pid; });
    if (slot != slots_.end()) bury(*slot, status, replace);
  }
}

void Supervisor::bury(Slot& slot, int wait_status, bool replace) {
  const milliseconds age = since(slot.started);
  const pid_t pid = std::exchange(slot.pid, 0);
  const Restart cause = cause_of(wait_status);
  if (replace) count_restart(statistics_, cause);
  const bool failed_at_once = age < options_.healthy_age;
  const milliseconds next = std::max(options_.first_pause, slot.pause * 2);
  slot.pause = failed_at_once ? std::min(next, options_.longest_pause) : milliseconds(0);
  if (cause == Restart::recycled) {
    has_lived_ = true;
    slot.pause = milliseconds(0);
    slot.due = Clock::now();
    if (replace) log(Level::info, "worker ended", {{"worker", pid}, {"age_ms", age.count()}});
    return;
  }
  slot.due = Clock::now() + slot.pause;
  log(Level::error,
      cause == Restart::watchdog ? "worker killed by its watchdog" : "worker died",
      {{"worker", pid},
       {"signal", WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0},
       {"exit_status", WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0},
       {"age_ms", age.count()},
       replace ? LogField{"replaced_in_ms", slot.pause.count()} : LogField{}});
}

std::vector<pid_t> Supervisor::all_alive() const {
  std::vector<pid_t> workers = roles_.old_workers;
  for (const Slot& slot : slots_) {
    if (slot.pid != 0) workers.push_back(slot.pid);
  }
  return workers;
}

int Supervisor::drain() {
  log(Level::info, "supervisor stopping");
  tell_systemd("STOPPING=1");
  for (const pid_t worker : all_alive()) kill(worker, SIGTERM);
  const auto start = Clock::now();
  sigset_t child_ended{};
  sigaddset(&child_ended, SIGCHLD);
  for (milliseconds left = options_.drain; !all_alive().empty() && left.count() > 0;) {
    wait_for_signal(child_ended, std::min(kTick, left));
    reap(false);
    left = options_.drain - since(start);
  }
  const auto late = all_alive();
  if (!late.empty()) log(Level::error, "workers did not finish in time and are killed");
  for (const pid_t worker : late) kill(worker, SIGKILL);
  for (const pid_t worker : late) waitpid(worker, nullptr, 0);
  log(Level::info, "supervisor stopped");
  return late.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace photodrop
