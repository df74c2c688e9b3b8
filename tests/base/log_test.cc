#include "base/log.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "server/unique_fd.h"
#include "support/json_fixture.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

// Stands in for standard error as long as it lives. Of such a socket each read gives what one
// write wrote.
class LogCapture {
 public:
  LogCapture() : before_(dup(STDERR_FILENO)) {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) != 0) {
      throw std::runtime_error("cannot make a socket");
    }
    reader_ = UniqueFd(ends[0]);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
  }
  ~LogCapture() { dup2(before_.get(), STDERR_FILENO); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // What the next write wrote; nothing when there was none.
  std::string next_write() const {
    std::string bytes(65536, '\0');
    const ssize_t size = read(reader_.get(), bytes.data(), bytes.size());
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
  }

 private:
  UniqueFd before_;
  UniqueFd reader_;
};

TEST(Log, WritesOneLineInOneWrite) {
  const LogCapture capture;
  log(Level::info, "started", {{"workers", 8}, {"ms", 0.5}, {"path", "/a"}});
  const std::string line = capture.next_write();
  EXPECT_EQ(capture.next_write(), "");
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.substr(line.find("\"level\"")),
            "\"level\":\"info\",\"event\":\"started\",\"pid\":" + std::to_string(getpid()) +
                ",\"workers\":8,\"ms\":0.5,\"path\":\"/a\"}\n");
}

TEST(Log, StartsWithTheTime) {
  const LogCapture capture;
  log(Level::info, "now");
  const std::string line = capture.next_write();
  EXPECT_EQ(line.rfind("{\"time\":\"", 0), 0U);
  const std::string time = parse_json(line)["time"].text();
  ASSERT_EQ(time.size(), 24U);
  EXPECT_EQ(time.substr(4, 1) + time.substr(10, 1) + time.substr(19, 1) + time.back(), "-T.Z");
}

TEST(Log, NamesTheLevels) {
  const LogCapture capture;
  for (const Level level : {Level::info, Level::warning, Level::error}) log(level, "event");
  for (const char* const name : {"info", "warning", "error"}) {
    EXPECT_EQ(parse_json(capture.next_write())["level"].text(), name);
  }
}

TEST(Log, CleansTextSoThatNobodyCanForgeALine) {
  const LogCapture capture;
  log(Level::info, "request", {{"path", "/a\n{\"event\":\"forged\"}\r\x1B[2J\0b\xFF"s}});
  const std::string line = capture.next_write();
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(parse_json(line)["path"].text(), "/a{\"event\":\"forged\"}[2Jb\xEF\xBF\xBD");
}

TEST(Log, LeavesOutAFieldWithoutText) {
  const LogCapture capture;
  log(Level::info, "request", {{"cause", ""}, {"bytes", 0}});
  EXPECT_EQ(parse_json(capture.next_write()).members().back().first, "bytes");
  log(Level::info, "request", {{"cause", ""}});
  EXPECT_EQ(parse_json(capture.next_write()).members().back().first, "pid");
}

TEST(Log, WritesALongLineWhole) {
  const LogCapture capture;
  const std::string path(30000, 'x');
  log(Level::info, "request", {{"path", path}});
  EXPECT_EQ(parse_json(capture.next_write())["path"].text(), path);
}

TEST(Log, DoesNotMindThatItCannotBeWritten) {
  const UniqueFd before(dup(STDERR_FILENO));
  close(STDERR_FILENO);
  log(Level::error, "nobody hears");
  dup2(before.get(), STDERR_FILENO);
  const LogCapture capture;
  log(Level::error, "somebody hears");
  EXPECT_EQ(parse_json(capture.next_write())["event"].text(), "somebody hears");
}

}  // namespace
}  // namespace photodrop
