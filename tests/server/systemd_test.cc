// Sockets on their way from systemd, or from the program before, to this one.
#include "server/systemd.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "server/descriptors.h"
#include "server/listener.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace photodrop::testing {
namespace {

class SystemdTest : public ::testing::Test {
 protected:
  // Runs `test` in a process of its own, in which descriptors 3 and up are free to be passed.
  static void in_own_process(const std::function<void()>& test) {
    ChildProcess child([&] {
      test();
      return HasFailure() ? 1 : 0;
    });
    EXPECT_EQ(child.wait(), 0);
  }

  PassedListener listener(const std::string& name, bool is_systemds) {
    open_.push_back(listen_on({.path = dir_.path(name)}));
    return {.name = name, .fd = open_.back().get(), .is_systemds = is_systemds};
  }

  TempDir dir_;
  std::vector<UniqueFd> open_;
};

TEST_F(SystemdTest, PassesEachSocketWithItsNameAndItsOwner) {
  in_own_process([this] {
    pass_listeners({listener("api", true), listener("upload", false)});
    const auto inherited = inherit_listeners();
    ASSERT_EQ(inherited.size(), 2U);
    EXPECT_EQ(inherited[0].name, "api");
    EXPECT_TRUE(inherited[0].is_systemds);
    EXPECT_EQ(path_of(inherited[0].fd), dir_.path("api"));
    EXPECT_EQ(inherited[1].name, "upload");
    EXPECT_FALSE(inherited[1].is_systemds);
    EXPECT_EQ(path_of(inherited[1].fd), dir_.path("upload"));
  });
}

TEST_F(SystemdTest, InheritsSocketsForItselfAlone) {
  in_own_process([this] {
    pass_listeners({listener("api", true)});
    const auto inherited = inherit_listeners();
    const int fd = inherited.at(0).fd.get();
    EXPECT_GE(fd, kLowestOwnFd);
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    EXPECT_NE(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_TRUE(inherit_listeners().empty()) << "nor does a child process find them";
  });
}

TEST_F(SystemdTest, LeavesSocketsOfAnotherProcessAlone) {
  in_own_process([this] {
    pass_listeners({listener("api", true)});
    setenv("LISTEN_PID", "1", 1);
    EXPECT_TRUE(inherit_listeners().empty());
  });
}

TEST_F(SystemdTest, KeepsItsSocketsWhenTheyCouldNotBePassed) {
  in_own_process([this] {
    const PassedListener api = listener("api", true);
    pass_listeners({api});
    stop_passing_listeners();
    EXPECT_EQ(path_of(open_.front()), dir_.path("api"));
    EXPECT_EQ(fcntl(api.fd, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(getenv("LISTEN_FDS"), nullptr);
    EXPECT_EQ(getenv("LISTEN_FDNAMES"), nullptr);
    EXPECT_TRUE(inherit_listeners().empty());
  });
}

}  // namespace
}  // namespace photodrop::testing
