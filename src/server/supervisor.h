// The parent of the workers: forks them, replaces those that die, ends them in order. It holds
// no connection and no library's state, so nothing of the kind crosses the fork.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <vector>

#include "metrics/statistics.h"

namespace photodrop {

struct SupervisorOptions {
  int workers = 8;
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
  struct Roles {
    // The life of a worker, run in the child; its value is the exit status. It says at its seat
    // whether it is busy.
    std::function<int(Seat&)> worker_main;
    // What SIGHUP asks for: executes the program anew in this process, with the workers as its
    // children, or returns when that cannot be. Nothing when it is not set.
    std::function<void(const std::vector<pid_t>& workers)> start_anew = nullptr;
    // Workers of the program that ran in this process before: told to finish once a new one has
    // reached the healthy age, or has done its work.
    std::vector<pid_t> old_workers = {};
  };

  // `statistics` are shared with the workers, and outlive the supervisor.
  Supervisor(SupervisorOptions options, Roles roles, Statistics& statistics);

  // Keeps the workers running until SIGTERM or SIGINT, then lets them finish, the old ones too.
  // The process must have one thread. Returns the exit status: 0, or 1 when a worker had to be
  // killed at the end.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  // A place for one worker, filled or waiting to be.
  struct Slot {
    pid_t pid = 0;  // 0 while empty
    Clock::time_point started;
    Clock::time_point due;  // when an empty place is filled again
    std::chrono::milliseconds pause{0};
  };

  void start_due();
  void retire_old_workers();
  void start_anew();
  std::chrono::milliseconds until_next_due() const;
  void start(Slot& slot);
  [[noreturn]] void become_worker(pid_t supervisor, Seat& seat);
  void reap(bool replace);
  void bury(Slot& slot, int wait_status, bool replace);
  std::vector<pid_t> all_alive() const;
  int drain();

  SupervisorOptions options_;
  Roles roles_;
  Statistics& statistics_;
  std::vector<Slot> slots_;
  bool has_lived_ = false;  // a worker for long enough to trust the others
};

}  // namespace photodrop
