// What photodrop-thumbnail may not do any more once it looks at an image.
#include "thumbnail/confinement.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>

#include "support/process.h"

namespace photodrop::testing {
namespace {

// What errno a call leaves in a process that may only compute. It ends without the sanitizers'
// last words, for which they would have to open files.
template <class Call>
int errno_of(Call call) {
  ChildProcess child([call] {
    forbid_all_but_computing();
    errno = 0;
    call();
    std::_Exit(errno);
    return 0;
  });
  return child.wait();
}

TEST(Confinement, NothingCanBeOpened) {
  EXPECT_EQ(errno_of([] { open("/etc/passwd", O_RDONLY | O_CLOEXEC); }), EPERM);
  EXPECT_EQ(errno_of([] { unlink("/nonexistent"); }), EPERM);
}

TEST(Confinement, ThereIsNoNetwork) {
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) {
    EXPECT_EQ(errno_of([family] { socket(family, SOCK_STREAM, 0); }), EPERM);
  }
}

TEST(Confinement, NoOtherProcessCanBeStartedOrHarmed) {
  EXPECT_EQ(errno_of([] { fork(); }), EPERM);
  EXPECT_EQ(errno_of([] { execl("/bin/true", "true", nullptr); }), EPERM);
  EXPECT_EQ(errno_of([] { kill(getppid(), SIGTERM); }), EPERM);
  EXPECT_EQ(errno_of([] { tgkill(getppid(), getppid(), SIGTERM); }), EPERM);
}

TEST(Confinement, WhatWasForbiddenStaysSo) {
  EXPECT_EQ(errno_of([] { prctl(PR_SET_DUMPABLE, 1); }), EPERM);
}

// Not std::thread, whose instrumented code looks into memory by system calls.
void* change_last(void* bytes) {
  static_cast<std::string*>(bytes)->back() = 'y';
  return nullptr;
}

TEST(Confinement, ThreadsAndMemoryAreToBeHad) {
  const auto compute = [] {
    std::string bytes(10'000'000, 'x');
    pthread_t thread{};
    const bool started = pthread_create(&thread, nullptr, change_last, &bytes) == 0;
    if (started) pthread_join(thread, nullptr);
    errno = bytes.back() == 'y' ? 0 : EIO;
  };
  EXPECT_EQ(errno_of(compute), 0);
}

TEST(Confinement, ThereIsNoMemoryThatItsLimitDoesNotCount) {
  const auto share = [] {
    mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  };
  EXPECT_EQ(errno_of(share), EPERM);
}

TEST(Confinement, ItCanEndItselfByASignal) {
  EXPECT_EQ(errno_of([] { tgkill(getpid(), gettid(), 0); }), 0);
}

TEST(Confinement, ResourcesAreBounded) {
  ChildProcess child([] {
    limit_resources({.memory_bytes = rlim_t{1} << 40, .cpu_seconds = 7, .file_bytes = 9});
    rlimit memory{};
    rlimit time{};
    rlimit file{};
    rlimit core{};
    int death_signal = 0;
    getrlimit(RLIMIT_DATA, &memory);
    getrlimit(RLIMIT_CPU, &time);
    getrlimit(RLIMIT_FSIZE, &file);
    getrlimit(RLIMIT_CORE, &core);
    prctl(PR_GET_PDEATHSIG, &death_signal);
    const bool is_bounded = memory.rlim_max == rlim_t{1} << 40 && time.rlim_max == 7 &&
                            file.rlim_max == 9 && core.rlim_max == 0;
    int first_to_go = 0;
    std::ifstream("/proc/self/oom_score_adj") >> first_to_go;
    std::_Exit(is_bounded && death_signal == SIGKILL && first_to_go == 1000 ? 0 : 1);
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace photodrop::testing
