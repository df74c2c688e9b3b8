#include "server/signals.h"

#include <initializer_list>

namespace photodrop {
namespace {

volatile sig_atomic_t stop_flag = 0;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD}) sigaddset(&set, signal);
  return set;
}

}  // namespace

sigset_t block_signals() {
  // Ignored, as some parents hand it down, it would let workers vanish unseen by waitpid.
  signal(SIGCHLD, SIG_DFL);
  // A log that nobody reads any more must not end the service.
  signal(SIGPIPE, SIG_IGN);
  // The worker's watchdog: it has to end the process.
  signal(SIGALRM, SIG_DFL);
  const sigset_t set = handled_signals();
  sigprocmask(SIG_SETMASK, &set, nullptr);
  return set;
}

void notice_stop() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_flag = 1; };
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() {
  sigset_t pending;
  sigpending(&pending);
  return stop_flag != 0 || sigismember(&pending, SIGTERM) == 1;
}

sigset_t waiting_mask() {
  sigset_t mask = handled_signals();
  sigdelset(&mask, SIGTERM);
  return mask;
}

}  // namespace photodrop
