// The parent of the workers of all pools: forks them, replaces those that end, and stops them
// in order. It holds no connection and no library's state, so nothing of the kind crosses the
// fork.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <vector>

#include "metrics/statistics.h"

namespace photodrop {

struct SupervisorOptions {
  PerPool<int> workers = {{8, 0, 0}};  // of each pool
  // How long workers may finish what is in flight after SIGTERM before they are killed. Longer
  // than the longest request.
  std::chrono::milliseconds drain{70000};
  // A worker that dies younger than this counts as failing at once.
  std::chrono::milliseconds healthy_age{1000};
  // The wait before such a worker is replaced; it doubles from the first to the last.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{30000};
};

class Supervisor {
 public:
  struct Callbacks {
    // Runs a worker, in the child process, and returns its exit status. The slot names its
    // pool; the worker sets there whether it is busy.
    std::function<int(WorkerSlot&)> worker_main;
    // Called on SIGHUP: executes the program anew in this process, with the workers as its
    // children, or returns when that cannot be. May be empty.
    std::function<void(const std::vector<pid_t>& workers)> reload = nullptr;
    // Called about once a second.
    std::function<void()> watch = [] {};
  };

  // `statistics` are shared with the workers, and outlive the supervisor. `old_workers` are
  // those of the program that ran in this process before: they are told to finish once each
  // pool has a new worker that has reached the healthy age, or has ended well.
  Supervisor(SupervisorOptions options, Callbacks callbacks, Statistics& statistics,
             std::vector<pid_t> old_workers = {});

  // Keeps the workers running until SIGTERM or SIGINT, then lets them finish, the old ones too.
  // The process must have one thread. Returns the exit status: 0, or 1 when a worker had to be
  // killed at the end.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  // A place for one worker, filled or waiting to be.
  struct Place {
    Pool pool;
    pid_t pid = 0;  // 0 while empty
    Clock::time_point started = {};
    Clock::time_point due = {};  // when an empty place is filled again
    std::chrono::milliseconds pause{0};
  };

  void start_due();
  void retire_old_workers();
  std::chrono::milliseconds until_next_due() const;
  void start(Place& place);
  [[noreturn]] void become_worker(pid_t supervisor, WorkerSlot& slot);
  void collect_ended();
  void on_worker_exit(Place& place, int wait_status);
  void reload();
  void watch();
  std::vector<pid_t> all_alive() const;
  int drain();

  SupervisorOptions options_;
  Callbacks callbacks_;
  Statistics& statistics_;
  std::vector<pid_t> old_workers_;
  std::vector<Place> places_;
  PerPool<bool> is_proven_ = {};  // by a worker that reached the healthy age or ended well
  bool is_draining_ = false;
  Clock::time_point next_watch_ = {};
};

}  // namespace photodrop
