// Processes of a test's own, and what passes between them and it. Every wait ends after
// kPatience with an exception, so that a broken program fails its test instead of hanging it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>

#include "base/unique_fd.h"

namespace photodrop::testing {

// Far more than a busy machine needs: only a test that fails waits this long.
constexpr std::chrono::seconds kPatience{30};

// Looks again and again, a few milliseconds apart, until `condition` holds. False when it never
// did.
bool eventually(const std::function<bool()>& condition);

// Numbers on their way between processes: made before the fork, used on both sides of it.
class Channel {
 public:
  Channel();

  void send(int number) const;
  // The next number.
  int receive() const;
  bool empty() const;

  // For a process that shall do nothing: stays in here until the test's end of the channel is
  // gone, and so the test. Not even SIGTERM ends it where that is blocked.
  void hold();

 private:
  UniqueFd receiver_;
  UniqueFd sender_;
};

// A forked child. It does not outlive the test.
class ChildProcess {
 public:
  // The child runs `life` and ends with its value, by exit(3), so that sanitizers report leaks.
  // Its standard error is appended to the file `log`, unless that is empty.
  explicit ChildProcess(const std::function<int()>& life, const std::string& log = "");
  // Kills it, if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  // Waits for its end: the exit status, or minus the signal that killed it.
  int wait();

 private:
  pid_t pid_ = 0;
  bool reaped_ = false;
};

// Waits for the end of any process, whoever's child it is. False when it runs on.
bool ends(pid_t pid);

// Whether there is such a process, a zombie among them.
bool exists(pid_t pid);

// How many file descriptors the process has open.
int open_fds(pid_t pid);

}  // namespace photodrop::testing
