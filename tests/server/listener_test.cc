#include "server/listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <stdexcept>

#include "support/fcgi_client.h"
#include "support/temp_dir.h"

namespace photodrop::testing {
namespace {

class ListenerTest : public ::testing::Test {
 protected:
  // The sentence with which it refuses the path.
  static std::string refusal_of(const std::string& path) {
    try {
      listen_on({.path = path});
      return "listens";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

  TempDir dir_;
  std::string path_ = dir_.path("socket");
};

TEST_F(ListenerTest, TakesConnections) {
  const UniqueFd listener = listen_on({.path = path_});
  const FcgiClient client(path_);
  const UniqueFd accepted(accept(listener.get(), nullptr, nullptr));
  EXPECT_GE(accepted.get(), 0);
}

TEST_F(ListenerTest, NeverBlocksAndIsNotInheritedByOtherPrograms) {
  const UniqueFd listener = listen_on({.path = path_});
  EXPECT_EQ(accept(listener.get(), nullptr, nullptr), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_TRUE(fcntl(listener.get(), F_GETFD) & FD_CLOEXEC);
}

TEST_F(ListenerTest, IsOpenToOwnerAndGroupWhateverTheUmask) {
  const mode_t before = umask(0077);
  const UniqueFd listener = listen_on({.path = path_});
  EXPECT_EQ(umask(before), 0077U);
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0660U);
}

TEST_F(ListenerTest, QueuesAsManyConnectionsAsItIsTold) {
  const UniqueFd listener = listen_on({.path = path_, .backlog = 1});
  const FcgiClient clients[] = {FcgiClient(path_), FcgiClient(path_)};  // Linux adds one
  // A full queue makes a connection fail that does not wait, and that is how one is told.
  EXPECT_EQ(refusal_of(path_),
            "Cannot listen on " + path_ + ": another process listens there already.");
}

TEST_F(ListenerTest, ChangesHowManyConnectionsASocketOfAnothersQueues) {
  const UniqueFd listener = listen_on({.path = path_});
  set_backlog(listener, 1);
  const FcgiClient clients[] = {FcgiClient(path_), FcgiClient(path_)};
  EXPECT_EQ(refusal_of(path_),
            "Cannot listen on " + path_ + ": another process listens there already.");
}

TEST_F(ListenerTest, RefusesABacklogForWhatIsNoSocket) {
  const UniqueFd no_socket(open("/dev/null", O_RDONLY));
  EXPECT_THROW(set_backlog(no_socket, 1), std::runtime_error);
}

TEST_F(ListenerTest, ReplacesASocketThatNobodyListensOn) {
  { const UniqueFd gone = listen_on({.path = path_}); }
  ASSERT_TRUE(std::filesystem::is_socket(path_));
  const UniqueFd listener = listen_on({.path = path_});
  const FcgiClient client(path_);
}

TEST_F(ListenerTest, RefusesASocketThatSomebodyListensOn) {
  const UniqueFd listener = listen_on({.path = path_});
  EXPECT_EQ(refusal_of(path_),
            "Cannot listen on " + path_ + ": another process listens there already.");
  const FcgiClient client(path_);  // which is there as before
}

TEST_F(ListenerTest, LeavesAFileAlone) {
  dir_.write("socket", "precious");
  EXPECT_EQ(refusal_of(path_), "Cannot listen on " + path_ + ": there is a file of that name.");
  EXPECT_EQ(dir_.read("socket"), "precious");
}

TEST_F(ListenerTest, LeavesAFolderAndALinkAlone) {
  EXPECT_EQ(refusal_of(dir_.path()),
            "Cannot listen on " + dir_.path() + ": there is a file of that name.");
  std::filesystem::create_symlink(dir_.path("elsewhere"), path_);
  EXPECT_EQ(refusal_of(path_), "Cannot listen on " + path_ + ": there is a file of that name.");
}

TEST_F(ListenerTest, SaysThatTheFolderIsMissing) {
  const std::string path = dir_.path("no/socket");
  EXPECT_EQ(refusal_of(path), "Cannot listen on " + path + ": No such file or directory.");
}

TEST_F(ListenerTest, TakesAPathOf107BytesAndNoLonger) {
  const std::string longest = dir_.path(std::string(107 - dir_.path().size() - 1, 'x'));
  ASSERT_EQ(longest.size(), 107U);
  EXPECT_EQ(refusal_of(longest), "listens");
  EXPECT_EQ(refusal_of(longest + "x"),
            "Cannot listen on " + longest + "x: the path is longer than 107 bytes.");
}

TEST_F(ListenerTest, KnowsThePathOfASocketThatItDidNotMake) {
  const UniqueFd listener = listen_on({.path = path_});
  const UniqueFd inherited(dup(listener.get()));
  EXPECT_EQ(path_of(inherited), path_);
  EXPECT_EQ(path_of(UniqueFd()), "");
}

TEST(UniqueFd, ClosesWhatItOwnsOnce) {
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  {
    UniqueFd first(file);
    const UniqueFd second(std::move(first));
    EXPECT_EQ(second.get(), file);
    EXPECT_EQ(fcntl(file, F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(fcntl(file, F_GETFD), -1);
}

TEST(UniqueFd, ClosesTheOldOneWhenItTakesAnother) {
  const int old = open("/dev/null", O_RDONLY | O_CLOEXEC);
  UniqueFd fd(old);
  fd = UniqueFd();
  EXPECT_EQ(fd.get(), -1);
  EXPECT_EQ(fcntl(old, F_GETFD), -1);
}

}  // namespace
}  // namespace photodrop::testing
