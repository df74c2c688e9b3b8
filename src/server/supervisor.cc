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
#include <string>
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

Supervisor::Supervisor(SupervisorOptions options, Callbacks callbacks, Statistics& statistics,
                       std::vector<pid_t> old_workers)
    : options_(options),
      callbacks_(std::move(callbacks)),
      statistics_(statistics),
      old_workers_(std::move(old_workers)) {
  for (const PoolInfo& pool : kPools) {
    const auto workers = static_cast<std::size_t>(options.workers.at(pool.pool));
    places_.insert(places_.end(), workers, Place{.pool = pool.pool});
    is_proven_.at(pool.pool) = workers == 0;
  }
}

int Supervisor::run() {
  const sigset_t signals = block_signals();
  start_due();
  tell_systemd("READY=1");
  log(Level::info, "supervisor started");
  for (int signal = 0; !asks_to_stop(signal);) {
    collect_ended();
    start_due();
    retire_old_workers();
    tell_systemd("WATCHDOG=1");
    watch();
    signal = wait_for_signal(signals, until_next_due());
    if (signal == SIGHUP) reload();
  }
  return drain();
}

// Not before new ones have proven that they can take over. Telling a worker twice does no harm.
void Supervisor::retire_old_workers() {
  for (const Place& place : places_) {
    if (place.pid != 0 && since(place.started) >= options_.healthy_age) {
      is_proven_.at(place.pool) = true;
    }
  }
  const auto& proven = is_proven_.values;
  if (!std::all_of(proven.begin(), proven.end(), [](bool each) { return each; })) return;
  for (const pid_t worker : old_workers_) kill(worker, SIGTERM);
}

// A busy moment, in which many workers end, is not a reason to look more often.
void Supervisor::watch() {
  if (Clock::now() < next_watch_) return;
  next_watch_ = Clock::now() + kTick;
  callbacks_.watch();
}

void Supervisor::reload() {
  if (!callbacks_.reload) return;
  std::fflush(nullptr);
  callbacks_.reload(all_alive());
}

void Supervisor::start_due() {
  for (Place& place : places_) {
    if (place.pid == 0 && Clock::now() >= place.due) start(place);
  }
}

milliseconds Supervisor::until_next_due() const {
  milliseconds wait = kTick;
  for (const Place& place : places_) {
    if (place.pid == 0) wait = std::min(wait, -since(place.due));
  }
  return std::max(wait, milliseconds(1));
}

void Supervisor::start(Place& place) {
  const pid_t supervisor = getpid();
  std::fflush(nullptr);  // or both processes would write what is buffered
  WorkerSlot& slot = free_slot(statistics_);
  slot.pool = place.pool;
  const pid_t pid = fork();
  if (pid == 0) become_worker(supervisor, slot);
  if (pid < 0) {
    log(Level::error, "cannot fork", {{"errno", errno}});
    place.due = Clock::now() + kTick;
    return;
  }
  slot.pid = pid;
  place.pid = pid;
  place.started = Clock::now();
}

// A worker whose supervisor is killed drains as if it were told to.
void Supervisor::become_worker(pid_t supervisor, WorkerSlot& slot) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != supervisor) std::_Exit(EXIT_FAILURE);
  prctl(PR_SET_NAME,
        ("pd: " + std::string(info_of(slot.pool).name)).c_str());  // for ps and top
  int status = EXIT_FAILURE;
  try {
    status = callbacks_.worker_main(slot);
  } catch (const std::exception& error) {
    log(Level::error, "worker failed", {{"cause", error.what()}});
  }
  std::exit(status);
}

void Supervisor::collect_ended() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    release_slot(statistics_, pid);
    const bool was_old = std::erase(old_workers_, pid) > 0;
    if (was_old && old_workers_.empty()) log(Level::info, "old workers ended");
    const auto place = std::find_if(places_.begin(), places_.end(),
                                    [pid](const Place& each) { return each.pid == pid; });
    if (place != places_.end()) on_worker_exit(*place, status);
  }
}

void Supervisor::on_worker_exit(Place& place, int wait_status) {
  const milliseconds age = since(place.started);
  const pid_t pid = std::exchange(place.pid, 0);
  const std::string_view pool = info_of(place.pool).name;
  const Restart cause = cause_of(wait_status);
  if (!is_draining_) count_restart(statistics_, cause);
  const bool failed_at_once = age < options_.healthy_age;
  const milliseconds next = std::max(options_.first_pause, place.pause * 2);
  place.pause = failed_at_once ? std::min(next, options_.longest_pause) : milliseconds(0);
  if (cause == Restart::recycled) {
    is_proven_.at(place.pool) = true;
    place.pause = milliseconds(0);
    place.due = Clock::now();
    if (!is_draining_) {
      log(Level::info, "worker ended",
          {{"pool", pool}, {"worker", pid}, {"age_ms", age.count()}});
    }
    return;
  }
  place.due = Clock::now() + place.pause;
  log(Level::error,
      cause == Restart::watchdog ? "worker killed by its watchdog" : "worker died",
      {{"pool", pool},
       {"worker", pid},
       {"signal", WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0},
       {"exit_status", WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0},
       {"age_ms", age.count()},
       is_draining_ ? LogField{} : LogField{"replaced_in_ms", place.pause.count()}});
}

std::vector<pid_t> Supervisor::all_alive() const {
  std::vector<pid_t> workers = old_workers_;
  for (const Place& place : places_) {
    if (place.pid != 0) workers.push_back(place.pid);
  }
  return workers;
}

int Supervisor::drain() {
  is_draining_ = true;
  log(Level::info, "supervisor stopping");
  tell_systemd("STOPPING=1");
  for (const pid_t worker : all_alive()) kill(worker, SIGTERM);
  const auto start = Clock::now();
  sigset_t child_ended{};
  sigaddset(&child_ended, SIGCHLD);
  for (milliseconds left = options_.drain; !all_alive().empty() && left.count() > 0;) {
    wait_for_signal(child_ended, std::min(kTick, left));
    collect_ended();
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
