// A limit for a library that waits on a socket without one. libpq waits for the server's answer
// for as long as that takes: for ever when the server is stopped, or when the connection was
// dropped without a word. The timer's signal handler shuts the socket down, which is
// async-signal-safe (signal-safety(7)), and libpq then finds that the connection is broken.
#pragma once

#include <signal.h>
#include <time.h>

#include <chrono>

namespace photodrop {

// For one socket and the thread that made the timer. It takes the signal SIGRTMIN, which must
// not be blocked. Timers do not cross a fork: make one in each process.
class SocketTimer {
 public:
  // The socket stays its owner's, who closes it after the timer is gone. Throws
  // std::runtime_error.
  explicit SocketTimer(int socket);
  ~SocketTimer();
  SocketTimer(const SocketTimer&) = delete;
  SocketTimer& operator=(const SocketTimer&) = delete;

  // Shuts the socket down in both directions after `limit`, unless stop() comes first.
  void start(std::chrono::milliseconds limit);
  void stop();

  // Whether it has shut the socket down.
  bool has_expired() const { return has_expired_ != 0; }

 private:
  static void on_signal(int number, siginfo_t* info, void* context);
  void set(std::chrono::milliseconds limit);

  int socket_;
  timer_t timer_{};
  volatile sig_atomic_t has_expired_ = 0;
};

}  // namespace photodrop
