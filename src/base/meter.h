// How often, and for how long, a part of the service was waited for.
#pragma once

#include <chrono>

namespace photodrop {

// Kept by the part itself and only ever growing: what one request has cost is the difference of
// two readings.
struct Meter {
  std::chrono::steady_clock::duration time{0};
  int attempts = 0;
  int errors = 0;  // attempts that failed
};

inline Meter operator-(const Meter& later, const Meter& earlier) {
  return {later.time - earlier.time, later.attempts - earlier.attempts,
          later.errors - earlier.errors};
}

// Adds the time that it lives to a meter, which must outlive it.
class Stopwatch {
 public:
  explicit Stopwatch(Meter& meter) : meter_(meter) {}
  ~Stopwatch() { meter_.time += std::chrono::steady_clock::now() - start_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  Meter& meter_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace photodrop
