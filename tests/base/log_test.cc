#include "base/log.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "support/json_fixture.h"
#include "support/log_capture.h"

namespace photodrop::testing {
namespace {

using namespace std::string_literals;

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

TEST(Log, LeavesOutAFieldWithoutAValue) {
  const LogCapture capture;
  log(Level::info, "request", {{"ms", 1.5}, {"s3_ms", {}}});
  EXPECT_EQ(parse_json(capture.next_write()).members().back().first, "ms");
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

// A terminal that is standard error as long as it lives.
class Terminal {
 public:
  Terminal() {
    int screen = -1;
    int line = -1;
    if (openpty(&screen, &line, nullptr, nullptr, nullptr) != 0) {
      throw std::runtime_error("cannot make a terminal");
    }
    screen_ = UniqueFd(screen);
    const UniqueFd owned(line);
    termios raw{};
    cfmakeraw(&raw);
    tcsetattr(line, TCSANOW, &raw);
    redirected_.emplace(line);
  }

  // What was written to it last, without the time of day in front.
  std::string shown() const {
    std::string bytes(4096, '\0');
    const ssize_t size = read(screen_.get(), bytes.data(), bytes.size());
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    EXPECT_EQ(bytes.find("Z "), kTimeOfDay.size() - 1) << bytes;
    return bytes.substr(kTimeOfDay.size() + 1);
  }

 private:
  static constexpr std::string_view kTimeOfDay = "22:14:03.123Z";

  UniqueFd screen_;
  std::optional<StderrTo> redirected_;
};

TEST(Log, IsReadableOnATerminal) {
  const Terminal terminal;
  log(Level::info, "request", {{"path", "/a"}, {"status", 200}, {"ms", 12.345}, {"cause", ""}});
  EXPECT_EQ(terminal.shown(), "info    request path=/a status=200 ms=12.3\n");
  log(Level::warning, "store failed");
  EXPECT_EQ(terminal.shown(), "warning store failed\n");
}

TEST(Log, LeavesNoDoubtOnATerminalWhereAValueEnds) {
  const Terminal terminal;
  log(Level::error, "request", {{"path", "/a status=200\n\x1B[2J"}, {"cause", "say \"no\""}});
  EXPECT_EQ(terminal.shown(),
            "error   request path=\"/a status=200[2J\" cause=\"say \\\"no\\\"\"\n");
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
}  // namespace photodrop::testing
