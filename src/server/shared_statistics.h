// The memory that the counters lie in: made before the first fork, so that the workers share
// it, and left to the program that this process executes when it starts anew.
#pragma once

#include "base/unique_fd.h"
#include "metrics/statistics.h"

namespace photodrop {

class SharedStatistics {
 public:
  // Takes over what the program that ran in this process before has left, if it counted the
  // same things; begins at zero otherwise. Seats are the workers' as long as these live,
  // whoever started them. Throws std::runtime_error.
  SharedStatistics();
  ~SharedStatistics();
  SharedStatistics(const SharedStatistics&) = delete;
  SharedStatistics& operator=(const SharedStatistics&) = delete;

  Statistics& get() const { return *statistics_; }

  // Leaves the memory to the program that this process executes next.
  void bequeath() const;

  // There is no such program after all.
  void keep() const;

 private:
  UniqueFd fd_;  // closed on exec
  Statistics* statistics_ = nullptr;
};

}  // namespace photodrop
