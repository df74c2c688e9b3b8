// What photodrop-thumbnail may do: a decoder is large, old, and reads what strangers send. The
// only user of libseccomp.
#pragma once

#include <sys/resource.h>

namespace photodrop {

struct Limits {
  rlim_t memory_bytes = rlim_t{512} << 20;  // of what it allocates
  rlim_t cpu_seconds = 10;
  rlim_t file_bytes = rlim_t{16} << 20;  // of one that it writes
};

// Bounds what this process may use, and lets it leave no core. It ends with the one that has
// started it, and first of all when the machine's memory does. Throws std::runtime_error.
void limit_resources(const Limits& limits);

// From now on this process can compute, allocate, start threads, use the descriptors that are
// open, and end: nothing can be opened, connected or started (seccomp(2)); what is not allowed
// fails with EPERM. Throws std::runtime_error.
void forbid_all_but_computing();

}  // namespace photodrop
