// One transfer of libcurl's, driven by a loop of our own: libcurl itself notices that nothing
// moves on a connection only to the second. For s3/curl.cc alone.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace photodrop::s3 {

struct Transfer {
  CURLM* multi;  // has the connections
  CURL* easy;    // is set up for the request
  // These change while it runs: the socket of its connection, and the bytes of its reply so
  // far.
  const curl_socket_t& socket;
  const std::size_t& received;
};

struct TransferEnd {
  std::optional<CURLcode> code;  // none when it was given up
  // From when the last of the request was handed to the socket to the first byte of the reply.
  std::chrono::milliseconds answer_time{0};
};

// Runs the transfer to its end, or gives it up when no byte has moved for as long as
// `stall_limit` says, which is asked again and again, because the transfer may move to a new
// connection. A transfer that was given up has lost its connection.
TransferEnd run_transfer(const Transfer& transfer,
                         const std::function<std::chrono::milliseconds()>& stall_limit);

}  // namespace photodrop::s3
