// A supervisor in a process of its own, whose workers do what the test says.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/shared_statistics.h"
#include "server/signals.h"
#include "server/supervisor.h"
#include "support/json_fixture.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace photodrop::testing {

class SupervisorTest : public ::testing::Test {
 protected:
  // Every worker reports its process id to started_ before it does `work`. `prepare` is run in
  // the supervisor's process first.
  void start(
      const SupervisorOptions& options, const std::function<int()>& work,
      const std::function<void()>& prepare = [] {}) {
    const auto worker_main = [this, work](WorkerSlot& slot) {
      slot.busy = worker_is_busy_;
      pool_ = slot.pool;
      alarm(static_cast<unsigned>(2 * kPatience.count()));  // outlives no test that fails
      started_.send(getpid());
      return work();
    };
    const auto life = [this, options, worker_main, prepare] {
      prepare();
      std::vector<pid_t> old_workers;
      if (has_old_worker_) old_workers = {start_old_worker()};
      return Supervisor(options, {.worker_main = worker_main}, statistics(), old_workers).run();
    };
    supervisor_ = std::make_unique<ChildProcess>(life, dir_.path("log"));
  }

  Statistics& statistics() const { return shared_.get(); }

  std::uint64_t restarts(Restart cause) const {
    return statistics().restarts[static_cast<std::size_t>(cause)];
  }

  ChildProcess& supervisor() { return *supervisor_; }

  std::set<pid_t> receive_pids(int count) const {
    std::set<pid_t> pids;
    for (int i = 0; i < count; ++i) pids.insert(started_.receive());
    return pids;
  }

  // Tells it to stop, and waits: its exit status.
  int stop(int signal = SIGTERM) {
    supervisor().signal(signal);
    return supervisor().wait();
  }

  // The log's lines about `event`, as soon as there are `count` of them.
  std::vector<JsonValue> wait_for_events(std::string_view event, std::size_t count) const {
    std::vector<JsonValue> found;
    EXPECT_TRUE(eventually([&] { return (found = events(event)).size() >= count; })) << event;
    return found;
  }

  std::vector<JsonValue> events(std::string_view event) const {
    const std::string log = dir_.read("log");
    std::vector<JsonValue> found;
    for (std::size_t begin = 0, end = 0; (end = log.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const JsonValue line = parse_json(log.substr(begin, end - begin));
      if (line["event"].text() == event) found.push_back(line);
    }
    return found;
  }

  TempDir dir_;
  Channel started_;
  bool worker_is_busy_ = false;  // as soon as it has started
  Pool pool_ = Pool::api;        // in a worker: its own
  bool has_old_worker_ = false;  // of a program before; it reports its process id to old_
  Channel old_;

 private:
  // As a worker does, it ends by SIGTERM.
  pid_t start_old_worker() const {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    alarm(static_cast<unsigned>(2 * kPatience.count()));
    old_.send(getpid());
    pause();
    std::_Exit(0);
  }

  SharedStatistics shared_;
  std::unique_ptr<ChildProcess> supervisor_;
};

// What a real worker does between requests: waits for SIGTERM, then ends well.
inline int wait_for_stop() {
  notice_stop();
  const sigset_t mask = waiting_mask();
  while (!stop_requested()) sigsuspend(&mask);
  return 0;
}

}  // namespace photodrop::testing
