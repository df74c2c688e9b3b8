// The parent of the workers: forks them, replaces those that die, ends them in order. It holds
// no connection and no library's state, so nothing of the kind crosses the fork.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

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
  // `worker_main` is the life of a worker, run in the child; its value is the exit status.
  Supervisor(SupervisorOptions options, std::function<int()> worker_main);

  // Keeps the workers running until SIGTERM or SIGINT, then lets them finish. The process must
  // have one thread. Returns the exit status: 0, or 1 when a worker had to be killed at the
  // end.
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
  std::chrono::milliseconds until_next_due() const;
  void start(Slot& slot);
  [[noreturn]] void become_worker(pid_t supervisor);
  void reap(bool replace);
  void bury(Slot& slot, int wait_status, bool replace);
  void signal_all(int signal) const;
  bool any_alive() const;
  int drain();

  SupervisorOptions options_;
  std::function<int()> worker_main_;
  std::vector<Slot> slots_;
};

}  // namespace photodrop
