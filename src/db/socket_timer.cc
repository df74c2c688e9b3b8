#include "db/socket_timer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace photodrop {

void SocketTimer::on_signal(int /*number*/, siginfo_t* info, void* /*context*/) {
  const int error = errno;
  auto* const timer = static_cast<SocketTimer*>(info->si_value.sival_ptr);
  timer->has_expired_ = 1;
  shutdown(timer->socket_, SHUT_RDWR);
  errno = error;
}

// The signal goes to this thread, so that none is on its way any more once timer_delete() has
// returned in it.
SocketTimer::SocketTimer(int socket) : socket_(socket) {
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGRTMIN, &action, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event._sigev_un._tid = gettid();
  event.sigev_signo = SIGRTMIN;
  event.sigev_value.sival_ptr = this;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0) {
    throw std::runtime_error(std::string("Cannot make a timer: ") + std::strerror(errno) + ".");
  }
}

SocketTimer::~SocketTimer() {
  timer_delete(timer_);
}

void SocketTimer::start(std::chrono::milliseconds limit) {
  set(limit);
}

void SocketTimer::stop() {
  set(std::chrono::milliseconds(0));
}

// 0 disarms it.
void SocketTimer::set(std::chrono::milliseconds limit) {
  itimerspec spec{};
  spec.it_value.tv_sec = limit.count() / 1000;
  spec.it_value.tv_nsec = (limit.count() % 1000) * 1000000;
  timer_settime(timer_, 0, &spec, nullptr);
}

}  // namespace photodrop
