// Which signals the supervisor and its workers hear, and where.
#pragma once

#include <signal.h>

namespace photodrop {

// Blocks SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGCHLD in this process and, by inheritance, its
// workers, and returns them. They are taken where it waits for them and nowhere else, so that
// none interrupts a read or gets lost between a check and a wait. Gives SIGCHLD its default
// action, lest a parent has left it ignored, and ignores SIGPIPE.
sigset_t block_signals();

// From now on SIGTERM sets the flag of stop_requested() instead of ending the process. For
// workers, before they start.
void notice_stop();

// True once SIGTERM came, be it still blocked.
bool stop_requested();

// The mask under which a worker waits: SIGTERM open, the others closed.
sigset_t waiting_mask();

}  // namespace photodrop
