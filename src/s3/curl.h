// One kept HTTP/1.1 connection to the store. The only user of libcurl.
//
// libcurl knows no limit for a connection on which nothing moves that is exact to less than a
// second, so its multi interface is driven by a loop of our own.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/pieces.h"

namespace photodrop::s3 {

inline constexpr std::size_t kMaxReplyBytes = 64 * 1024;
inline constexpr std::chrono::milliseconds kStallLimit{8000};
inline constexpr std::chrono::milliseconds kKeptStallLimit{1500};

struct HttpRequest {
  std::string method;
  std::string url;  // sent as it is: no dot segment is collapsed, nothing is encoded again
  std::vector<std::pair<std::string, std::string>> headers;
  Pieces body;  // borrowed for the length of the call; sent with PUT and POST only
  std::chrono::milliseconds timeout;  // for the whole exchange
  // An exchange in which no byte moves for so long, in either direction, is given up. On a kept
  // connection that is soon, because it may have been dropped without a word: after
  // `kept_stall_limit` and twice the time that the last response took to begin, so that a store
  // is not given up for being far away.
  std::chrono::milliseconds stall_limit = kStallLimit;
  std::chrono::milliseconds kept_stall_limit = kKeptStallLimit;
  std::size_t max_reply_bytes = kMaxReplyBytes;
};

struct HttpReply {
  int status = 0;    // 0 when no whole answer came
  std::string body;  // as much of it as the request allows
  std::optional<std::chrono::seconds> retry_after;
  std::optional<std::chrono::sys_seconds> date;  // by the server's clock
  std::string bucket_region;                     // x-amz-bucket-region; AWS alone sends it
  bool body_sent = false;  // the last byte was handed to the socket; of an empty body at once
  bool resent = false;     // and then all of it once more, with no answer to the first time
  bool stalled = false;    // without an answer: given up because no byte moved
  bool kept = false;       // it went over a kept connection
  bool transient = false;  // without an answer: another try may succeed
  bool unknown_host = false;  // without an answer: no address belongs to the host's name
  bool untrusted = false;     // without an answer: the certificate was not accepted
  std::string failure;        // without an answer: what happened, for the log
};

class Curl {
 public:
  // Make it after the fork that it is used in: a connection belongs to one process.
  Curl();
  ~Curl();
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  // Sends the request and waits for the answer; never follows a redirect, never uses a proxy.
  // Failures of the transport are told in the reply, not thrown.
  HttpReply perform(const HttpRequest& request);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace photodrop::s3
