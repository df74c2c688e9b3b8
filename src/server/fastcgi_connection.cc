#include "server/fastcgi_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

namespace photodrop {
namespace {

using namespace std::string_view_literals;

constexpr char kVersion = 1;
constexpr std::string_view kResponder = "\0\1"sv;

// More than nginx's buffers for headers hold.
constexpr std::size_t kMostParams = std::size_t{1} << 20;

// Response bytes in a record: many, and less than the 65,535 that there may be.
constexpr std::size_t kEnough = 32768;

// An empty record of the response, then END_REQUEST: REQUEST_COMPLETE, status 0.
constexpr std::string_view kEnd =
    "\1\6\0\1\0\0\0\0"
    "\1\3\0\1\0\x08\0\0"
    "\0\0\0\0\0\0\0\0"sv;

// How long a peer may take to see that the answer is complete.
constexpr int kLingerMs = 2000;

std::size_t octet(char c) {
  return static_cast<unsigned char>(c);
}

char low_byte(std::size_t number) {
  return static_cast<char>(number & 0xFF);
}

[[noreturn]] void refuse() {
  throw PeerGone("the peer does not speak FastCGI");
}

std::string_view take(std::string_view& bytes, std::size_t size) {
  if (bytes.size() < size) refuse();
  const std::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}

// §3.4: lengths up to 127 in one byte, others in four.
std::size_t take_length(std::string_view& bytes) {
  const std::size_t first = octet(take(bytes, 1)[0]);
  if (first < 0x80) return first;
  const std::string_view rest = take(bytes, 3);
  return (first & 0x7F) << 24 | octet(rest[0]) << 16 | octet(rest[1]) << 8 | octet(rest[2]);
}

}  // namespace

void FastCgiConnection::read_variables(const TakeVariable& take_variable) {
  next_record(Type::begin_request);
  std::array<char, 8> body{};
  if (content_left_ != body.size()) refuse();
  read(body.data(), body.size());
  if (!std::string_view(body.data(), body.size()).starts_with(kResponder)) refuse();
  content_left_ = 0;
  const std::string params = read_params();
  for (std::string_view rest = params; !rest.empty();) {
    const std::size_t name_size = take_length(rest);
    const std::size_t value_size = take_length(rest);
    const std::string_view name = take(rest, name_size);
    take_variable(name, take(rest, value_size));
  }
}

std::string FastCgiConnection::read_params() {
  std::string params;
  for (next_record(Type::params); content_left_ > 0; next_record(Type::params)) {
    const std::size_t before = params.size();
    if (before + content_left_ > kMostParams) refuse();
    params.resize(before + content_left_);
    read(params.data() + before, content_left_);
    content_left_ = 0;
  }
  return params;
}

void FastCgiConnection::read_body(char* to, std::size_t size) {
  while (size > 0) {
    if (content_left_ == 0) next_record(Type::in);
    if (content_left_ == 0) throw PeerGone("the body ended before Content-Length");
    const std::size_t part = std::min(size, content_left_);
    read(to, part);
    content_left_ -= part;
    to += part;
    size -= part;
  }
}

void FastCgiConnection::read_end() {
  if (content_left_ > 0) return;
  next_record(Type::in);
  is_at_end_ = content_left_ == 0 && padding_ == 0;
}

// A web server keeps its side open until it has the answer.
void FastCgiConnection::expect_peer() const {
  pollfd closed{.fd = peer_.get(), .events = POLLRDHUP, .revents = 0};
  if (poll(&closed, 1, 0) > 0) throw PeerGone("the client left before its turn");
}

// Takes the header of the next record, behind the rest of this one.
void FastCgiConnection::next_record(Type expected) {
  skip(padding_);
  std::array<char, kHeaderSize> header{};
  read(header.data(), header.size());
  const auto [version, type, id_high, id_low, high, low, padding, reserved] = header;
  if (version != kVersion || id_high != 0 || id_low != 1) refuse();
  if (type == static_cast<char>(Type::abort_request)) throw PeerGone("the request was aborted");
  if (type != static_cast<char>(expected)) refuse();
  content_left_ = octet(high) << 8 | octet(low);
  padding_ = octet(padding);
}

// Straight to where it belongs, and into the buffer what comes along: up to a header, behind
// which is more of the body that belongs elsewhere.
void FastCgiConnection::read(char* to, std::size_t size) {
  for (;;) {
    const std::size_t ready = std::min(size, end_ - begin_);
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), ready, to);
    begin_ += ready;
    to += ready;
    size -= ready;
    if (size == 0) return;
    const std::size_t ahead = size > buffer_.size() ? kHeaderSize : buffer_.size();
    const iovec places[] = {{to, size}, {buffer_.data(), ahead}};
    const ssize_t got = readv(peer_.get(), places, 2);
    if (got <= 0) throw PeerGone("the peer left, or stalled");
    const std::size_t placed = std::min(size, static_cast<std::size_t>(got));
    to += placed;
    size -= placed;
    begin_ = 0;
    end_ = static_cast<std::size_t>(got) - placed;
  }
}

void FastCgiConnection::skip(std::size_t size) {
  std::array<char, 255> padding{};
  read(padding.data(), size);
}

void FastCgiConnection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kHeaderSize + kEnough - out_.size());
    out_ += part;
    bytes.remove_prefix(part.size());
    if (out_.size() == kHeaderSize + kEnough) send_record({});
  }
}

// §5.5, §3.3: an empty record ends the stream, then comes the end of the request.
void FastCgiConnection::end() {
  const bool is_empty = out_.size() == kHeaderSize;
  send_record(is_empty ? kEnd.substr(kHeaderSize) : kEnd);
}

// What was kept back, with its header now that its size is known, and `more` behind it.
void FastCgiConnection::send_record(std::string_view more) {
  const std::size_t size = out_.size() - kHeaderSize;
  const std::array header{kVersion,
                          static_cast<char>(Type::out),
                          '\0',
                          '\1',
                          low_byte(size >> 8),
                          low_byte(size),
                          '\0',
                          '\0'};
  out_.replace(0, kHeaderSize, header.data(), header.size());
  out_ += more;
  for (std::string_view rest = out_; !rest.empty();) {
    const ssize_t sent = send(peer_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw PeerGone("the client is gone");
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  out_.resize(kHeaderSize);
}

void FastCgiConnection::hang_up() {
  if (!is_at_end_) {
    shutdown(peer_.get(), SHUT_WR);
    pollfd readable{.fd = peer_.get(), .events = POLLIN, .revents = 0};
    while (poll(&readable, 1, kLingerMs) > 0 &&
           recv(peer_.get(), buffer_.data(), buffer_.size(), 0) > 0) {
    }
  }
  peer_ = UniqueFd();
}

}  // namespace photodrop
