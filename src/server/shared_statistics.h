// The memory that the counters lie in: made before the first fork, so that the workers share
// it, and left to the program that this process executes when it starts anew.
#pragma once

#include "base/unique_fd.h"
#include "metrics/statistics.h"

namespace photodrop {

class SharedStatistics {
 public:
  // Takes over what the program that ran in this process before has left, if it counted the
  // same things; begins at zero otherwise. A slot is its worker's as long as that
  // lives, whoever started it. Throws std::runtime_error.
  SharedStatistics();
  ~SharedStatistics();
  SharedStatistics(const SharedStatistics&) = delete;
  SharedStatistics& operator=(const SharedStatistics&) = delete;

  Statistics& get() const { return *statistics_; }

  // Passes the memory to the program that this process executes next.
  void pass_on() const;

  // Takes that back, when the program could not be executed.
  void stop_passing_on() const;

 private:
  UniqueFd fd_;  // closed on exec
  Statistics* statistics_ = nullptr;
};

}  // namespace photodrop
