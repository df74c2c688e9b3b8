// A program that is run for one answer: what comes of good ones and of bad ones.
#include "process/child.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>

#include "support/process.h"
#include "support/temp_dir.h"

namespace photodrop::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxOutput = 1 << 20;

// `script` is run by the shell. No test waits for its own patience to end, but those of hangs.
Outcome run_shell(const std::string& script, std::string_view input = {},
                  std::chrono::milliseconds patience = kPatience) {
  return run({.program = "/bin/sh",
              .arguments = {"-c", script},
              .input = input,
              .patience = patience,
              .max_output = kMaxOutput});
}

TEST(Child, AnswersWhatItMakesOfItsInput) {
  EXPECT_EQ(run_shell("tr a-z A-Z", "a cat").output, "A CAT");
  EXPECT_EQ(run_shell("cat", "").output, "");
}

TEST(Child, TakesAndAnswersMoreThanAPipeHolds) {
  const std::string bytes(kMaxOutput, 'x');
  EXPECT_EQ(run_shell("cat", bytes).output, bytes);
}

TEST(Child, NeedNotReadWhatItIsGiven) {
  EXPECT_EQ(run_shell("echo done", std::string(kMaxOutput, 'x')).output, "done\n");
}

TEST(Child, AFailureHasNoOutput) {
  const Outcome failed = run_shell("echo half; exit 3");
  EXPECT_EQ(failed.output, std::nullopt);
  EXPECT_EQ(failed.cause, "exit status 3");
}

TEST(Child, ADeathHasNoOutput) {
  const Outcome died = run_shell("echo half; kill -SEGV $$");
  EXPECT_EQ(died.output, std::nullopt);
  EXPECT_EQ(died.cause, "signal 11");
}

TEST(Child, OneThatHangsIsKilled) {
  const Outcome hung = run_shell("exec sleep 600", "", 10ms);
  EXPECT_EQ(hung.output, std::nullopt);
  EXPECT_EQ(hung.cause, "not done in time");
}

TEST(Child, OneThatClosesItsOutputAndGoesOnIsKilled) {
  EXPECT_EQ(run_shell("exec >&-; exec sleep 600").cause, "signal 9");
}

TEST(Child, OneThatTalksWithoutEndIsKilled) {
  EXPECT_EQ(run_shell("while :; do echo and so on; done").cause, "too much output");
}

TEST(Child, AProgramThatIsNotThereIsNotItsOwnFailure) {
  const Command command{.program = "/nonexistent/program",
                        .arguments = {},
                        .input = {},
                        .patience = kPatience,
                        .max_output = kMaxOutput};
  EXPECT_THROW(run(command), std::runtime_error);
}

// The shell has PWD, and what it needs itself.
TEST(Child, KnowsNoSettingOfOurs) {
  setenv("AWS_SECRET_KEY", "secret", 1);
  EXPECT_EQ(run_shell("echo ${AWS_SECRET_KEY:-none}").output, "none\n");
  unsetenv("AWS_SECRET_KEY");
}

TEST(Child, HasNoDescriptorOfOursAndHearsSignals) {
  const UniqueFd ours(dup(STDERR_FILENO));
  sigset_t blocked{};
  sigfillset(&blocked);
  sigset_t before{};
  sigprocmask(SIG_BLOCK, &blocked, &before);
  const Outcome told =
      run_shell("grep SigBlk /proc/self/status; readlink /proc/self/fd/2; ls /proc/self/fd");
  sigprocmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(told.output, "SigBlk:\t0000000000000000\n/dev/null\n0\n1\n2\n3\n") << "3: ls's";
}

TEST(Child, LeavesNothingBehind) {
  const int before = open_fds(getpid());
  run_shell("cat", "a cat");
  run_shell("exec sleep 600", "", 1ms);
  EXPECT_EQ(open_fds(getpid()), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

}  // namespace
}  // namespace photodrop::testing
