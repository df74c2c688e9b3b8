#include "server/worker.h"

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"
#include "http/problem.h"
#include "server/fastcgi.h"
#include "server/fastcgi_connection.h"
#include "server/request_log.h"
#include "server/signals.h"

namespace photodrop {
namespace {

constexpr int kWaitMs = 1000;

// nginx's status for a client that left before there was an answer; here for the log alone.
constexpr int kClientLeft = 499;

// Not negative: the clock may have been set, and nginx looks at it less often.
std::optional<std::chrono::milliseconds> since(
    const std::optional<std::chrono::sys_time<std::chrono::milliseconds>>& time) {
  if (!time) return std::nullopt;
  const auto now =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return std::max(now - *time, std::chrono::milliseconds(0));
}

class Worker {
 public:
  Worker(const WorkerOptions& options, const WorkerCallbacks& callbacks,
         const RequestMetrics& metrics);

  void run();

 private:
  bool wait();
  void between_requests();
  void give_back();
  bool accept_request();
  void serve(FastCgiConnection& peer, Request& request);
  void count(const Served& served);
  Costs read_meters() const;
  void answer(FastCgiConnection& peer, Request& request, Response& response);
  std::string_view read_body(FastCgiConnection& peer);
  Response respond(FastCgiConnection& peer, Request& request);
  void send(FastCgiConnection& peer, const Response& response, bool with_body);

  const WorkerOptions& options_;
  const WorkerCallbacks& callbacks_;
  RequestMetrics metrics_;
  UniqueFd epoll_;
  std::string content_length_;  // of the request in hand, as it was sent
  std::string body_;  // kept from request to request, so that its memory is touched once
  std::size_t bytes_sent_ = 0;
};

// Each worker has an epoll of its own, made after the fork, so that EPOLLEXCLUSIVE wakes few of
// them for one connection.
Worker::Worker(const WorkerOptions& options, const WorkerCallbacks& callbacks,
               const RequestMetrics& metrics)
    : options_(options),
      callbacks_(callbacks),
      metrics_(metrics),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLEXCLUSIVE;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, options_.listen_fd, &event) != 0) {
    throw std::runtime_error(std::string("Cannot wait for connections: ") +
                             std::strerror(errno));
  }
  notice_stop();
}

// Under a load without a pause no wait ends without an event, so the flag is looked at before
// each too. No wake-up is lost by that: a worker that is not waiting is passed over.
void Worker::run() {
  for (std::int64_t served = 0; !stop_requested() && wait();) {
    alarm(static_cast<unsigned>(options_.watchdog.count()));
    metrics_.slot.busy = true;
    if (accept_request()) ++served;
    metrics_.slot.busy = false;
    between_requests();
    if (served == options_.max_requests && served > 0) return;
  }
}

// False when it is time to stop. An exclusive wake-up is ours alone to answer, so the flag
// counts only when there was none.
bool Worker::wait() {
  const sigset_t mask = waiting_mask();
  const auto start = std::chrono::steady_clock::now();
  bool is_idle = false;
  epoll_event event{};
  while (epoll_pwait(epoll_.get(), &event, 1, kWaitMs, &mask) <= 0) {
    if (stop_requested()) return false;
    between_requests();
    if (is_idle || std::chrono::steady_clock::now() - start < options_.idle_after) continue;
    is_idle = true;
    give_back();
  }
  return true;
}

void Worker::between_requests() {
  alarm(static_cast<unsigned>(options_.watchdog.count()));
  callbacks_.between_requests();
  alarm(0);
}

void Worker::give_back() {
  std::string().swap(body_);
  callbacks_.on_idle();
  malloc_trim(0);
}

// The time-outs hold from the first byte on (an accepted UNIX socket does not inherit them),
// and no program that a handler starts gets hold of the connection. False when a sibling was
// faster or no whole head came.
bool Worker::accept_request() {
  UniqueFd socket(accept4(options_.listen_fd, nullptr, nullptr, SOCK_CLOEXEC));
  if (socket.get() < 0) return false;
  const timeval timeout{options_.peer_timeout.count(), 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  FastCgiConnection peer(std::move(socket));
  Request request;
  content_length_.clear();
  try {
    peer.read_variables([&](std::string_view name, std::string_view value) {
      take_variable(request, name, value);
      if (name == "CONTENT_LENGTH") content_length_ = value;
    });
  } catch (const PeerGone&) {
    return false;
  }
  serve(peer, request);
  return true;
}

// A list costs the database time until its last row is sent, so the meters are read at the end.
void Worker::serve(FastCgiConnection& peer, Request& request) {
  const auto start = std::chrono::steady_clock::now();
  const auto queue_time = since(request.passed_on);
  const Costs before = read_meters();
  Response response{.status = kClientLeft};
  answer(peer, request, response);
  const Costs after = read_meters();
  const Served served{.request = request,
                      .response = response,
                      .bytes_out = bytes_sent_,
                      .time = std::chrono::steady_clock::now() - start,
                      .queue_time = queue_time,
                      .costs = {.store = after.store - before.store,
                                .database = after.database - before.database}};
  count(served);
  if (!response.is_routine || is_slow(served)) log_request(served);
}

void Worker::count(const Served& served) {
  count_request(metrics_.statistics,
                {.operation = {served.request.method, served.response.route},
                 .status = served.response.status,
                 .bytes_in = served.request.body.size(),
                 .bytes_out = served.bytes_out,
                 .time = served.time,
                 .store = served.costs.store,
                 .database = served.costs.database});
}

Costs Worker::read_meters() const {
  return {.store = metrics_.store, .database = metrics_.database};
}

// Fills in `response` as far as it gets. One that broke off is not ended: nginx takes it for
// broken then, and so does the client. A list cut short must not look whole.
void Worker::answer(FastCgiConnection& peer, Request& request, Response& response) {
  bytes_sent_ = 0;
  try {
    response = respond(peer, request);
    send(peer, response, request.method != "HEAD");
    peer.close();
  } catch (const PeerGone& gone) {
    response.outcome = "client-left";
    response.cause = gone.what();
  } catch (const std::exception& error) {
    response.outcome = "broken-off";
    response.cause = cause_of(error);
  }
}

// Who has left while the request waited for a worker may have sent it again: an upload would be
// stored twice.
Response Worker::respond(FastCgiConnection& peer, Request& request) {
  try {
    request.body = read_body(peer);
  } catch (const Error& error) {
    return problem_response(error, request.request_id);
  }
  peer.expect_peer();
  return callbacks_.handler(request);
}

// What is too large is not read: it is drained when the connection is closed.
std::string_view Worker::read_body(FastCgiConnection& peer) {
  const auto length = parse_content_length(content_length_);
  if (!length) throw Error(Fault::malformed_upload, "Content-Length is not a length.");
  if (*length > options_.max_body_bytes) {
    throw Error(Fault::too_large, "The request's body is larger than " +
                                      std::to_string(options_.max_body_bytes) + " bytes.");
  }
  if (body_.size() < *length) body_.resize(*length);
  peer.read_body(body_.data(), *length);
  peer.read_end();
  return {body_.data(), *length};
}

void Worker::send(FastCgiConnection& peer, const Response& response, bool with_body) {
  const auto write = [&](std::string_view bytes) {
    peer.write(bytes);
    bytes_sent_ += bytes.size();
  };
  write(response_head(response));
  if (with_body) {
    if (const auto* text = std::get_if<std::string>(&response.body)) {
      write(*text);
    } else {
      std::get<BodyProducer>(response.body)(write);
    }
  }
  peer.end();
}

}  // namespace

int run_worker(const WorkerOptions& options, const WorkerCallbacks& callbacks,
               const RequestMetrics& metrics) {
  Worker(options, callbacks, metrics).run();
  return EXIT_SUCCESS;
}

}  // namespace photodrop
