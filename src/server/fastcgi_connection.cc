#include "server/fastcgi_connection.h"

#include <fcgiapp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

namespace photodrop {
namespace {

using namespace std::string_view_literals;

// The header of a BEGIN_REQUEST record of request 1, which ends with a reserved byte, and the
// role of a responder ("FastCGI Specification", §3.3 and §5.1).
constexpr std::string_view kBeginRequest = "\1\1\0\1\0\x08\0"sv;
constexpr std::string_view kResponder = "\0\1"sv;
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kFirstRecordSize = 16;

// How long the peer may take to close its side after the response.
constexpr int kLingerMs = 2000;

}  // namespace

// libfcgi's state of a request. It owns the streams, and not the socket.
struct FastCgiConnection::Request : FCGX_Request {
  Request() : FCGX_Request{} { FCGX_InitRequest(this, -1, 0); }
  ~Request() { FCGX_Free(this, 0); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
};

// FCGX_Init() returns at once after its first call. It installs signal handlers only where
// there are none: the worker's stay.
FastCgiConnection::FastCgiConnection(UniqueFd peer) : peer_(std::move(peer)) {
  FCGX_Init();
  request_ = std::make_unique<Request>();
}

FastCgiConnection::~FastCgiConnection() = default;

// nginx sends the first record and the variables in one piece, so one look is enough.
void FastCgiConnection::check_first_record() const {
  std::array<char, kFirstRecordSize> bytes{};
  const ssize_t got = recv(peer_.get(), bytes.data(), bytes.size(), MSG_PEEK);
  const std::string_view record(bytes.data(), bytes.size());
  if (got != static_cast<ssize_t>(bytes.size()) || !record.starts_with(kBeginRequest) ||
      !record.substr(kHeaderSize).starts_with(kResponder)) {
    throw PeerGone("the peer does not speak FastCGI");
  }
}

// With a connected socket in ipcFd, and keepConnection to keep it, FCGX_Accept_r() accepts
// nothing and reads the request's head. It closes the socket when that fails, and then tries to
// accept another one from the listening socket -1, which fails too.
void FastCgiConnection::read_variables(const TakeVariable& take) {
  check_first_record();
  request_->ipcFd = peer_.release();
  request_->keepConnection = 1;
  FCGX_Detach(request_.get());  // closed without the wait for the peer that close() does
  if (FCGX_Accept_r(request_.get()) != 0) throw PeerGone("the request's head did not arrive");
  peer_ = UniqueFd(request_->ipcFd);
  for (char** variable = request_->envp; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::size_t equals = text.find('=');
    take(text.substr(0, equals), text.substr(equals + 1));
  }
}

void FastCgiConnection::read_body(char* to, std::size_t size) {
  const int wanted = static_cast<int>(size);
  if (FCGX_GetStr(to, wanted, request_->in) == wanted) return;
  throw PeerGone(FCGX_GetError(request_->in) == 0 ? "the body ended before Content-Length"
                                                  : "the peer left, or stalled");
}

void FastCgiConnection::read_end() {
  is_at_end_ = FCGX_GetChar(request_->in) == EOF && FCGX_GetError(request_->in) == 0;
}

// A web server keeps its side open until it has the response.
void FastCgiConnection::expect_peer() const {
  pollfd closed{.fd = peer_.get(), .events = POLLRDHUP, .revents = 0};
  if (poll(&closed, 1, 0) > 0) throw PeerGone("the client left before its turn");
}

void FastCgiConnection::write(std::string_view bytes) {
  if (FCGX_PutStr(bytes.data(), static_cast<int>(bytes.size()), request_->out) < 0) {
    throw PeerGone("the client is gone");
  }
}

// The last of the two streams to be closed ends the request.
void FastCgiConnection::end() {
  FCGX_FClose(request_->err);
  if (FCGX_FClose(request_->out) < 0) throw PeerGone("the client is gone");
}

void FastCgiConnection::close() {
  if (!is_at_end_) {
    shutdown(peer_.get(), SHUT_WR);
    pollfd readable{.fd = peer_.get(), .events = POLLIN, .revents = 0};
    std::array<char, 8192> ignored{};
    while (poll(&readable, 1, kLingerMs) > 0 &&
           recv(peer_.get(), ignored.data(), ignored.size(), 0) > 0) {
    }
  }
  peer_ = UniqueFd();
}

}  // namespace photodrop
