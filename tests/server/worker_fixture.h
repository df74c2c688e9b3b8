// Workers as the supervisor starts them, each a process of its own, on a socket of the test's.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "server/listener.h"
#include "server/shared_statistics.h"
#include "server/signals.h"
#include "server/worker.h"
#include "support/fcgi_client.h"
#include "support/json_fixture.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace photodrop::testing {

// How many of this process's sockets a program that it starts would inherit.
inline int inheritable_sockets() {
  int count = 0;
  for (int fd = STDERR_FILENO + 1; fd < 256; ++fd) {
    struct stat status {};
    const bool is_socket = fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    if (is_socket && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0) ++count;
  }
  return count;
}

class WorkerTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kMaxBody = 6 * 1024 * 1024;

  explicit WorkerTest(int workers = 1, std::chrono::seconds watchdog = std::chrono::seconds(50))
      : watchdog_(watchdog) {
    for (int i = 0; i < workers; ++i) {
      workers_.push_back(
          std::make_unique<ChildProcess>([this] { return work(); }, dir_.path("log")));
      ready_.receive();
    }
  }

  ChildProcess& worker(std::size_t index = 0) { return *workers_[index]; }

  FcgiReply get(const std::string& path) const { return fcgi_get(socket_, path); }
  FcgiReply post(const std::string& path, std::string_view body) const {
    return fcgi_post(socket_, path, body);
  }

  // A request whose body is still to come.
  FcgiClient begin_post(const std::string& path, const std::string& content_length) const {
    FcgiClient client(socket_);
    client.begin();
    FcgiParams params = request_params("POST", path);
    params["CONTENT_LENGTH"] = content_length;
    client.params(params);
    if (content_length == "0") client.end_body();  // as nginx does
    return client;
  }

  // Returns when the worker has taken the connection that the test has just made.
  void wait_until_taken(int fds_before) {
    if (!eventually([&] { return open_fds(worker().pid()) > fds_before; })) {
      throw std::runtime_error("the worker takes no connection");
    }
  }

  // The log's line about the last request for `path`, which is written after its answer.
  JsonValue log_line(const std::string& path) const {
    const std::string mark = "\"path\":\"" + path + "\"";
    std::string log;
    if (!eventually([&] { return (log = dir_.read("log")).find(mark) != std::string::npos; })) {
      throw std::runtime_error("no line about " + path);
    }
    const std::size_t at = log.rfind(mark);
    const std::size_t begin = log.rfind('\n', at) + 1;
    return parse_json(log.substr(begin, log.find('\n', at) - begin));
  }

  Statistics& statistics() const { return shared_.get(); }

  TempDir dir_;
  std::string socket_ = dir_.path("socket");
  UniqueFd listener_ = listen_on({.path = socket_});
  Channel told_;              // by /hold, which sends its process id and waits
  Channel go_;                // until this lets it go on
  Channel between_requests_;  // by a worker that has answered, or waits
  Channel idle_;              // by a worker that has nothing to do

 private:
  int work() {
    block_signals();
    ready_.send(1);
    const WorkerOptions options{.listen_fd = listener_.get(),
                                .max_body_bytes = kMaxBody,
                                .peer_timeout = std::chrono::seconds(1),
                                .watchdog = watchdog_,
                                .idle_after = std::chrono::milliseconds(1)};
    return run_worker(options,
                      {.handler = [this](const Request& request) { return handle(request); },
                       .between_requests = [this] { between_requests_.send(getpid()); },
                       .on_idle = [this] { idle_.send(getpid()); }},
                      {.store = store_,
                       .database = database_,
                       .statistics = statistics(),
                       .slot = statistics().scoreboard[0]});
  }

  Response handle(const Request& request) {
    if (request.path == "/routine")
      return {.status = 200, .route = "/healthz", .is_routine = true};
    if (request.path == "/echo") return {.status = 200, .body = std::string(request.body)};
    if (request.path == "/hold") return hold();
    if (request.path == "/pid") return {.status = 200, .body = std::to_string(getpid())};
    if (request.path == "/inheritable") {
      return {.status = 200, .body = std::to_string(inheritable_sockets())};
    }
    if (request.path == "/pieces") return {.status = 200, .body = BodyProducer(write_pieces)};
    if (request.path == "/costly") return costly();
    if (request.path == "/broken") return {.status = 200, .body = BodyProducer(break_off)};
    return {.status = 404, .headers = {{"X-Path", request.path}}, .body = "nothing here"};
  }

  Response hold() {
    told_.send(getpid());
    go_.receive();
    return {.status = 200, .body = "held"};
  }

  // Costs the store something at once, the database when its body is written.
  Response costly() {
    ++store_.attempts;
    store_.time += std::chrono::seconds(7);
    return {.status = 200, .body = [this](const BodySink& sink) {
              ++database_.attempts;
              database_.time += std::chrono::seconds(5);
              sink("costly");
            }};
  }

  static void write_pieces(const BodySink& sink) {
    for (int i = 0; i < 10000; ++i) sink(std::to_string(i) + ",");
  }

  // More than is kept back, so that a part of it has left when it throws.
  static void break_off(const BodySink& sink) {
    sink(std::string(100000, 'x'));
    throw Error(Fault::database_unavailable, "The list is not available.", "SQL state 08006");
  }

  std::chrono::seconds watchdog_;
  SharedStatistics shared_;
  Channel ready_;
  Meter store_;
  Meter database_;
  std::vector<std::unique_ptr<ChildProcess>> workers_;
};

}  // namespace photodrop::testing
