#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.h"

namespace photodrop::testing {
namespace {

// Small, so that little of a body is on its way unread when the line drops.
constexpr int kReceiveBufferBytes = 64 * 1024;

UniqueFd loopback_socket() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("no free port on the loopback");
  }
  return fd;
}

std::string host_of(const UniqueFd& fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

// Waits until `events` come to `fd`; false when it is time to stop.
bool wait_for(int fd, short events, const UniqueFd& stop) {
  std::array<pollfd, 2> waiting = {{{fd, events, 0}, {stop.get(), POLLIN, 0}}};
  while (poll(waiting.data(), waiting.size(), -1) < 0) continue;
  return waiting[1].revents == 0;
}

std::size_t content_length(const std::string& head) {
  static constexpr std::string_view kName = "\r\ncontent-length:";
  const std::string lower = lower_ascii(head);
  const std::size_t at = lower.find(kName);
  if (at == std::string::npos) return 0;
  const std::string_view rest = std::string_view(lower).substr(at + kName.size());
  return static_cast<std::size_t>(parse_integer(trim(rest.substr(0, rest.find('\r')))).value());
}

// False when the client has left.
bool send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void make_close_a_reset(int connection) {
  const linger at_once{1, 0};
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

namespace {

void send_slowly(int connection, const Turn& turn) {
  for (std::string_view rest = turn.answer; !rest.empty();) {
    std::this_thread::sleep_for(turn.delay);
    const std::string_view part = rest.substr(0, turn.bytes_each);
    if (!send_all(connection, part)) return;
    rest.remove_prefix(part.size());
  }
}

}  // namespace

std::string http_answer(int status, std::string_view body, std::string_view headers) {
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  answer.append(headers);
  if (status != 204) answer += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return answer.append("\r\n").append(body);
}

std::string s3_error(int status, std::string_view code, std::string_view headers) {
  const std::string body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" +
                           std::string(code) + "</Code><RequestId>tx01</RequestId></Error>";
  return http_answer(status, body, headers);
}

ScriptedServer::ScriptedServer(std::vector<Turn> turns)
    : turns_(std::move(turns)),
      listener_(loopback_socket()),
      stop_(eventfd(0, EFD_CLOEXEC)),
      host_(host_of(listener_)) {
  setsockopt(listener_.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes,
             sizeof kReceiveBufferBytes);
  listen(listener_.get(), 16);
  thread_ = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

std::vector<ScriptedServer::Seen> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::run() {
  while (wait_for(listener_.get(), POLLIN, stop_)) {
    const UniqueFd connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    ++connections_;
    serve(connection.get());
  }
}

void ScriptedServer::serve(int connection) {
  while (true) {
    const Turn& turn = turns_[std::min(served_, turns_.size() - 1)];
    if (!read_request(connection, turn)) return;
    ++served_;
    send_slowly(connection, turn);
    if (turn.then == Turn::Then::keep) continue;
    if (turn.then == Turn::Then::reset) make_close_a_reset(connection);
    if (turn.then == Turn::Then::hang) wait_for(connection, POLLRDHUP, stop_);
    return;
  }
}

// Reads the head and so much of the body; false when no request came.
bool ScriptedServer::read_request(int connection, const Turn& turn) {
  std::string text;
  std::size_t head_end = std::string::npos;
  while (head_end == std::string::npos) {
    if (!read_more(connection, turn, text)) return false;
    head_end = text.find("\r\n\r\n");
  }
  const std::string head = text.substr(0, head_end + 4);
  std::string body = text.substr(head_end + 4);
  const std::size_t wanted = std::min(content_length(head), turn.body_bytes);
  while (body.size() < wanted && read_more(connection, turn, body)) continue;
  const std::lock_guard lock(mutex_);
  requests_.push_back({head, body, connections_});
  return true;
}

bool ScriptedServer::read_more(int connection, const Turn& turn, std::string& text) const {
  std::array<char, 16 * 1024> buffer;
  if (!wait_for(connection, POLLIN, stop_)) return false;
  std::this_thread::sleep_for(turn.read_pause);
  const ssize_t got = recv(connection, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

DeadAddress::DeadAddress() : socket_(loopback_socket()), host_(host_of(socket_)) {}

}  // namespace photodrop::testing
