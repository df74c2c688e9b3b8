#include "thumbnail/confinement.h"

#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace photodrop {
namespace {

constexpr int kAllowed[] = {
    // Memory and threads.
    SCMP_SYS(brk), SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(gettid), SCMP_SYS(getpid),
    // Time, chance, signals.
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    // What is open, and the end.
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(lseek),
    SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(exit), SCMP_SYS(exit_group)};

constexpr int kFirstToGo = 1000;  // proc(5)

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

void set_limit(int resource, rlim_t value) {
  const rlimit limit{value, value};
  require(setrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0, "setrlimit failed");
}

void allow_if(const scmp_arg_cmp& argument, int call, const Filter& filter) {
  require(seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &argument) == 0,
          "no rule for a call");
}

// A thread, not a process. clone3(2) hides its flags from a filter: without it the C library
// falls back to clone(2).
void allow_threads(const Filter& filter) {
  allow_if({0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD}, SCMP_SYS(clone), filter);
  require(seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0,
          "no rule for clone3");
}

}  // namespace

void limit_resources(const Limits& limits) {
  require(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "PR_SET_PDEATHSIG failed");
  std::ofstream("/proc/self/oom_score_adj") << kFirstToGo;
  set_limit(RLIMIT_DATA, limits.memory_bytes);
  set_limit(RLIMIT_CPU, limits.cpu_seconds);
  set_limit(RLIMIT_FSIZE, limits.file_bytes);
  set_limit(RLIMIT_CORE, 0);
}

void forbid_all_but_computing() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  require(filter != nullptr, "seccomp_init failed");
  for (const int call : kAllowed) {
    require(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0, "no rule for a call");
  }
  // RLIMIT_DATA counts no shared mapping.
  allow_if({3, SCMP_CMP_MASKED_EQ, MAP_TYPE, MAP_PRIVATE}, SCMP_SYS(mmap), filter);
  // What abort(3) sends is for this process.
  const auto self = static_cast<scmp_datum_t>(getpid());
  allow_if({0, SCMP_CMP_EQ, self, 0}, SCMP_SYS(tgkill), filter);
  allow_threads(filter);
  require(seccomp_load(filter.get()) == 0, "seccomp_load failed");
}

}  // namespace photodrop
