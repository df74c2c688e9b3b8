// What a web server sends over FastCGI.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "fuzz/targets.h"
#include "server/fastcgi.h"
#include "server/fastcgi_connection.h"

namespace photodrop::fuzz {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBegin = "\1\1\0\1\0\x08\0\0\0\1\0\0\0\0\0\0"sv;
constexpr std::string_view kParams =
    "\1\4\0\1\0\x25\4\0"
    "\x0E\4REQUEST_METHODPOST"
    "\x0E\1CONTENT_LENGTH5"
    "\0\0\0\0"sv;
constexpr std::string_view kParamsEnd = "\1\4\0\1\0\0\0\0"sv;
constexpr std::string_view kBody = "\1\5\0\1\0\2\1\0ab\0\1\5\0\1\0\3\0\0cde"sv;
constexpr std::string_view kBodyEnd = "\1\5\0\1\0\0\0\0"sv;

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all += part;
  return all;
}

// As much as a socket holds; the peer says no more.
UniqueFd peer_that_sends(std::string_view input, UniqueFd& other) {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  other = UniqueFd(ends[0]);
  const std::string_view sent = input.substr(0, 65536);
  EXPECT_EQ(send(other.get(), sent.data(), sent.size(), MSG_DONTWAIT),
            static_cast<ssize_t>(sent.size()));
  shutdown(other.get(), SHUT_WR);
  return UniqueFd(ends[1]);
}

void run(std::string_view input) {
  UniqueFd server;
  FastCgiConnection connection(peer_that_sends(input, server));
  std::size_t told = 0;
  std::string content_length;
  try {
    connection.read_variables([&](std::string_view name, std::string_view value) {
      told += name.size() + value.size();
      if (name == "CONTENT_LENGTH") content_length = value;
    });
    const auto length = parse_content_length(content_length).value_or(0);
    std::string body(std::min(length, input.size()), '\0');
    connection.read_body(body.data(), body.size());
    EXPECT_LE(told + body.size(), input.size());
    connection.read_end();
    connection.write("Status: 200 OK\r\n\r\n");
    connection.end();
    connection.hang_up();
  } catch (const PeerGone&) {
    // Nobody to answer.
  }
}

}  // namespace

Target fastcgi_target() {
  const std::string whole = joined({kBegin, kParams, kParamsEnd, kBody, kBodyEnd});
  return {"fastcgi",
          run,
          {whole, joined({kBegin, kParamsEnd, kBodyEnd}), whole.substr(0, whole.size() - 9),
           joined({kBegin, kParams, kParamsEnd, "\1\2\0\1\0\0\0\0"sv}),
           joined({kBegin, kParams, kParamsEnd, kBody, kBody, kBodyEnd}),
           joined({"\1\x09\0\0\0\0\0\0"sv, whole})}};
}

}  // namespace photodrop::fuzz
