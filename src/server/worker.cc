#include "server/worker.h"

#include <fcgiapp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

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
#include "server/request_log.h"
#include "server/signals.h"

namespace photodrop {
namespace {

constexpr int kWaitMs = 1000;
constexpr int kNoListener = -1;

// nginx's status for a client that left before there was an answer; here for the log alone.
constexpr int kClientLeft = 499;

// The peer is gone or gave up; nobody is left to answer.
class PeerGone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string cause_of(const std::exception& error) {
  const auto* const fault = dynamic_cast<const Error*>(&error);
  return fault == nullptr || fault->cause().empty() ? error.what() : fault->cause();
}

class Worker {
 public:
  Worker(const WorkerOptions& options, const std::function<Response(const Request&)>& handler,
         const Accounts& accounts);
  ~Worker() { FCGX_Free(&fcgi_, 1); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void run();

 private:
  bool wait();
  bool accept_request();
  void serve();
  void count(const Served& served);
  Costs read_meters() const;
  void answer(Request& request, Response& response);
  Request read_head() const;
  std::string_view read_body();
  Response respond(Request& request);
  void send(const Response& response, bool with_body);
  void write(std::string_view bytes);
  void hang_up();
  void drop_connection();

  const WorkerOptions& options_;
  const std::function<Response(const Request&)>& handler_;
  Accounts accounts_;
  UniqueFd epoll_;
  FCGX_Request fcgi_{};
  std::string body_;  // kept from request to request, so that its memory is touched once
  std::size_t bytes_sent_ = 0;
};

// Each worker has an epoll of its own, made after the fork, so that EPOLLEXCLUSIVE wakes few of
// them for one connection.
Worker::Worker(const WorkerOptions& options,
               const std::function<Response(const Request&)>& handler, const Accounts& accounts)
    : options_(options),
      handler_(handler),
      accounts_(accounts),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLEXCLUSIVE;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, options_.listen_fd, &event) != 0) {
    throw std::runtime_error(std::string("Cannot wait for connections: ") +
                             std::strerror(errno));
  }
  notice_stop();
  if (FCGX_Init() != 0 || FCGX_InitRequest(&fcgi_, kNoListener, 0) != 0) {
    throw std::runtime_error("Cannot initialise FastCGI.");
  }
}

// Under a load without a pause no wait ends without an event, so the flag is looked at before
// each too. No wake-up is lost by that: a worker that is not waiting is passed over.
void Worker::run() {
  for (std::int64_t served = 0; !stop_requested() && wait();) {
    alarm(static_cast<unsigned>(options_.watchdog.count()));
    accounts_.seat.busy = true;
    if (accept_request()) {
      serve();
      ++served;
    }
    accounts_.seat.busy = false;
    alarm(0);
    if (served == options_.max_requests && served > 0) return;
  }
}

// False when it is time to stop. An exclusive wake-up is ours alone to answer, so the flag
// counts only when there was none.
bool Worker::wait() {
  const sigset_t mask = waiting_mask();
  epoll_event event{};
  while (epoll_pwait(epoll_.get(), &event, 1, kWaitMs, &mask) <= 0) {
    if (stop_requested()) return false;
  }
  return true;
}

// Takes the connection itself, so that its time-outs hold from the first byte on (an accepted
// UNIX socket does not inherit them) and no program that a handler starts gets hold of it.
// FCGX_Accept_r goes on with a connection that is open and to be kept; having no listener, it
// can take no other. False when a sibling was faster or no whole head came.
bool Worker::accept_request() {
  const int peer = accept4(options_.listen_fd, nullptr, nullptr, SOCK_CLOEXEC);
  if (peer < 0) return false;
  const timeval timeout{options_.peer_timeout.count(), 0};
  setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  fcgi_.ipcFd = peer;
  fcgi_.keepConnection = 1;
  return FCGX_Accept_r(&fcgi_) == 0;
}

// A list costs the database time until its last row is sent, so the meters are read at the end.
void Worker::serve() {
  const auto start = std::chrono::steady_clock::now();
  const Costs before = read_meters();
  Request request = read_head();
  Response response{.status = kClientLeft};
  answer(request, response);
  const Costs after = read_meters();
  const Served served{.request = request,
                      .response = response,
                      .bytes_out = bytes_sent_,
                      .time = std::chrono::steady_clock::now() - start,
                      .costs = {.store = after.store - before.store,
                                .database = after.database - before.database}};
  count(served);
  if (!response.is_routine) log_request(served);
}

void Worker::count(const Served& served) {
  count_request(accounts_.statistics,
                {.operation = {served.request.method, served.response.route},
                 .status = served.response.status,
                 .bytes_in = served.request.body.size(),
                 .bytes_out = served.bytes_out,
                 .time = served.time,
                 .store = served.costs.store,
                 .database = served.costs.database});
}

Costs Worker::read_meters() const {
  return {.store = accounts_.store, .database = accounts_.database};
}

// Fills in `response` as far as it gets.
void Worker::answer(Request& request, Response& response) {
  bytes_sent_ = 0;
  try {
    response = respond(request);
    send(response, request.method != "HEAD");
    hang_up();
    return;
  } catch (const PeerGone& gone) {
    response.outcome = "client-left";
    response.cause = gone.what();
  } catch (const std::exception& error) {
    response.outcome = "broken-off";
    response.cause = cause_of(error);
  }
  drop_connection();
}

Request Worker::read_head() const {
  Request request;
  for (char** variable = fcgi_.envp; *variable != nullptr; ++variable) {
    take_variable(request, *variable);
  }
  return request;
}

Response Worker::respond(Request& request) {
  try {
    request.body = read_body();
  } catch (const Error& error) {
    return problem_response(error, request.request_id);
  }
  return handler_(request);
}

// What is too large is not read: libfcgi drains it when the connection is closed.
std::string_view Worker::read_body() {
  const char* const header = FCGX_GetParam("CONTENT_LENGTH", fcgi_.envp);
  const auto length = parse_content_length(header == nullptr ? "" : header);
  if (!length) throw Error(Fault::malformed_upload, "Content-Length is not a length.");
  if (*length > options_.max_body_bytes) {
    throw Error(Fault::too_large, "The request's body is larger than " +
                                      std::to_string(options_.max_body_bytes) + " bytes.");
  }
  if (body_.size() < *length) body_.resize(*length);
  const int got = FCGX_GetStr(body_.data(), static_cast<int>(*length), fcgi_.in);
  if (got != static_cast<int>(*length)) throw PeerGone("the body ended before Content-Length");
  FCGX_GetChar(fcgi_.in);  // reads the end of the request, which comes next
  return {body_.data(), *length};
}

void Worker::send(const Response& response, bool with_body) {
  write(response_head(response));
  if (with_body) {
    if (const auto* text = std::get_if<std::string>(&response.body)) {
      write(*text);
    } else {
      std::get<BodyProducer>(response.body)([this](std::string_view bytes) { write(bytes); });
    }
  }
  // Closed last, it sends what is left and the end of the request at once.
  FCGX_FClose(fcgi_.err);
  if (FCGX_FClose(fcgi_.out) != 0) throw PeerGone("the client is gone");
}

void Worker::write(std::string_view bytes) {
  const int size = static_cast<int>(bytes.size());
  if (FCGX_PutStr(bytes.data(), size, fcgi_.out) != size) throw PeerGone("the client is gone");
  bytes_sent_ += bytes.size();
}

// libfcgi would wait until nginx has closed its end, which is needed only where there is
// something unread: closed right away, that would take the answer with it.
void Worker::hang_up() {
  fcgi_.keepConnection = FCGX_HasSeenEOF(fcgi_.in) != 0 ? 1 : 0;
  FCGX_Finish_r(&fcgi_);
  if (fcgi_.ipcFd >= 0) close(std::exchange(fcgi_.ipcFd, -1));
}

// Without the record that ends a request nginx takes the response for broken, and so does the
// client: a list cut short must not look whole.
void Worker::drop_connection() {
  FCGX_Free(&fcgi_, 1);
  FCGX_InitRequest(&fcgi_, kNoListener, 0);
}

}  // namespace

int run_worker(const WorkerOptions& options,
               const std::function<Response(const Request&)>& handler,
               const Accounts& accounts) {
  Worker(options, handler, accounts).run();
  return EXIT_SUCCESS;
}

}  // namespace photodrop
