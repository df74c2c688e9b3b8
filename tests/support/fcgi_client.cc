#include "support/fcgi_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "support/process.h"

namespace photodrop::testing {
namespace {

// Record types of the FastCGI specification, §8.
constexpr unsigned char kBeginRequest = 1;
constexpr unsigned char kEndRequest = 3;
constexpr unsigned char kParams = 4;
constexpr unsigned char kStdin = 5;
constexpr unsigned char kStdout = 6;

constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kLongestContent = 65535;

char low_byte(std::size_t number) {
  return static_cast<char>(number & 0xFF);
}

// §3.4: lengths up to 127 in one byte, others in four.
std::string encoded_length(std::size_t length) {
  if (length < 128) return {low_byte(length)};
  return {low_byte(length >> 24 | 0x80), low_byte(length >> 16), low_byte(length >> 8),
          low_byte(length)};
}

std::size_t octet(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes.at(at));
}

// Takes the first record off `bytes` and adds it to the reply.
void take_record(FcgiReply& reply, std::string_view& bytes) {
  const std::size_t type = octet(bytes, 1);
  const std::size_t content = octet(bytes, 4) << 8 | octet(bytes, 5);
  const std::size_t padding = octet(bytes, 6);
  if (octet(bytes, 0) != 1 || octet(bytes, 3) != 1) {
    throw std::runtime_error("not a record of request 1");
  }
  if (bytes.size() < kHeaderSize + content + padding) throw std::runtime_error("half a record");
  if (type == kStdout) reply.output += bytes.substr(kHeaderSize, content);
  if (type == kEndRequest) reply.complete = true;
  bytes.remove_prefix(kHeaderSize + content + padding);
}

std::size_t head_size(std::string_view output) {
  const std::size_t end = output.find("\r\n\r\n");
  return end == std::string_view::npos ? output.size() : end + 4;
}

}  // namespace

int FcgiReply::status() const {
  static constexpr std::string_view kName = "Status: ";
  return output.starts_with(kName) ? std::stoi(output.substr(kName.size(), 3)) : 0;
}

std::string FcgiReply::head() const {
  return output.substr(0, head_size(output));
}

std::string FcgiReply::body() const {
  return output.substr(head_size(output));
}

FcgiClient::FcgiClient(const std::string& socket_path)
    : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  const timeval limit{kPatience.count(), 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (connect(socket_.get(), generic, sizeof address) != 0) {
    throw std::runtime_error("cannot connect to " + socket_path + ": " + std::strerror(errno));
  }
}

void FcgiClient::begin() {
  using namespace std::string_view_literals;
  record(kBeginRequest, "\0\1\0\0\0\0\0\0"sv);  // a responder, no flags
}

void FcgiClient::params(const FcgiParams& params) {
  std::string content;
  for (const auto& [name, value] : params) {
    content.append(encoded_length(name.size())).append(encoded_length(value.size()));
    content.append(name).append(value);
  }
  record(kParams, content);
  record(kParams, "");
}

void FcgiClient::body(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kLongestContent);
    record(kStdin, bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
}

void FcgiClient::end_body() {
  record(kStdin, "");
}

void FcgiClient::raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) throw std::runtime_error(std::string("cannot send: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

FcgiReply FcgiClient::reply() {
  std::string bytes;
  char piece[65536];
  for (ssize_t size = 0; (size = recv(socket_.get(), piece, sizeof piece, 0)) != 0;) {
    if (size < 0) throw std::runtime_error(std::string("no reply: ") + std::strerror(errno));
    bytes.append(piece, static_cast<std::size_t>(size));
  }
  close();
  FcgiReply reply;
  for (std::string_view rest = bytes; !rest.empty();) take_record(reply, rest);
  return reply;
}

// A header (§3.3) of request 1 without padding, then the content.
void FcgiClient::record(unsigned char type, std::string_view content) {
  const std::size_t size = content.size();
  const char header[kHeaderSize] = {
      1, static_cast<char>(type), 0, 1, low_byte(size >> 8), low_byte(size), 0, 0};
  raw(std::string(header, sizeof header).append(content));
}

FcgiParams request_params(const std::string& method, const std::string& path,
                          const std::optional<std::size_t>& length) {
  return {{"REQUEST_METHOD", method},
          {"DOCUMENT_URI", path},
          {"QUERY_STRING", ""},
          {"CONTENT_TYPE", ""},
          {"CONTENT_LENGTH", length ? std::to_string(*length) : ""},
          {"REQUEST_ID", "0123456789abcdef0123456789abcdef"}};
}

FcgiReply fcgi_get(const std::string& socket_path, const std::string& path) {
  FcgiClient client(socket_path);
  client.begin();
  client.params(request_params("GET", path));
  client.end_body();
  return client.reply();
}

FcgiReply fcgi_post(const std::string& socket_path, const std::string& path,
                    std::string_view body) {
  FcgiClient client(socket_path);
  client.begin();
  client.params(request_params("POST", path, body.size()));
  client.body(body);
  client.end_body();
  return client.reply();
}

}  // namespace photodrop::testing
