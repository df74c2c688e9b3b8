#include "s3/curl_transfer.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Progress {
  curl_off_t sent = 0;  // handed to the socket
  std::size_t received = 0;
  int queued = 0;  // in the socket, not acknowledged by the peer yet: megabytes on a slow line

  bool operator==(const Progress&) const = default;
};

Progress progress_of(CURL* easy, std::size_t received) {
  Progress progress{.sent = 0, .received = received, .queued = 0};
  curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &progress.sent);
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
  if (socket != CURL_SOCKET_BAD) ioctl(socket, SIOCOUTQ, &progress.queued);
  return progress;
}

CURLcode result_of(CURLM* multi) {
  int queued = 0;
  const CURLMsg* const message = curl_multi_info_read(multi, &queued);
  return message == nullptr ? CURLE_RECV_ERROR : message->data.result;
}

std::optional<CURLcode> drive(const Transfer& transfer,
                              const std::function<milliseconds()>& stall_limit,
                              const std::size_t& received) {
  Progress last;
  auto last_move = steady_clock::now();
  for (int running = 1;;) {
    curl_multi_perform(transfer.multi, &running);
    if (running == 0) return result_of(transfer.multi);
    const Progress progress = progress_of(transfer.easy, received);
    if (progress != last) last_move = steady_clock::now();
    last = progress;
    const auto left =
        std::chrono::ceil<milliseconds>(last_move + stall_limit() - steady_clock::now());
    if (left <= milliseconds(0)) return std::nullopt;
    curl_multi_poll(transfer.multi, nullptr, 0, static_cast<int>(left.count()), nullptr);
  }
}

}  // namespace

// One that is removed before its end takes its connection with it.
std::optional<CURLcode> run_transfer(const Transfer& transfer,
                                     const std::function<milliseconds()>& stall_limit,
                                     const std::size_t& received) {
  curl_multi_add_handle(transfer.multi, transfer.easy);
  const auto code = drive(transfer, stall_limit, received);
  curl_multi_remove_handle(transfer.multi, transfer.easy);
  return code;
}

milliseconds time_to_first_byte(CURL* easy) {
  curl_off_t sendable = 0;
  curl_off_t first_byte = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &sendable);
  curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::microseconds(first_byte - sendable));
}

}  // namespace photodrop::s3
