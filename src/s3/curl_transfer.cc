#include "s3/curl_transfer.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How often to look at what the peer has acknowledged, of which nothing wakes a poll.
constexpr milliseconds kAcknowledgements{200};

struct Progress {
  curl_off_t sent = 0;  // handed to the socket
  std::size_t received = 0;
  int queued = 0;  // in the socket, not acknowledged by the peer yet: megabytes on a slow line

  bool operator==(const Progress&) const = default;
};

Progress progress_of(const Transfer& transfer) {
  Progress progress{.sent = 0, .received = transfer.received, .queued = 0};
  curl_easy_getinfo(transfer.easy, CURLINFO_SIZE_UPLOAD_T, &progress.sent);
  if (transfer.socket != CURL_SOCKET_BAD) {
    ioctl(transfer.socket, SIOCOUTQ, &progress.queued);
  }
  return progress;
}

CURLcode result_of(CURLM* multi) {
  int queued = 0;
  const CURLMsg* const message = curl_multi_info_read(multi, &queued);
  return message == nullptr ? CURLE_RECV_ERROR : message->data.result;
}

TransferEnd drive(const Transfer& transfer, const std::function<milliseconds()>& stall_limit) {
  TransferEnd end;
  Progress last;
  auto last_move = steady_clock::now();
  auto last_sent = last_move;
  for (int running = 1;;) {
    curl_multi_perform(transfer.multi, &running);
    const auto now = steady_clock::now();
    const Progress progress = progress_of(transfer);
    if (last.received == 0 && progress.received > 0) {
      end.answer_time = std::chrono::duration_cast<milliseconds>(now - last_sent);
    }
    if (progress.sent != last.sent) last_sent = now;
    if (progress != last) last_move = now;
    last = progress;
    if (running == 0) end.code = result_of(transfer.multi);
    auto left = std::chrono::ceil<milliseconds>(last_move + stall_limit() - now);
    if (running == 0 || left <= milliseconds(0)) return end;
    if (progress.queued > 0) left = std::min(left, kAcknowledgements);
    curl_multi_poll(transfer.multi, nullptr, 0, static_cast<int>(left.count()), nullptr);
  }
}

}  // namespace

// One that is removed before its end takes its connection with it.
TransferEnd run_transfer(const Transfer& transfer,
                         const std::function<milliseconds()>& stall_limit) {
  curl_multi_add_handle(transfer.multi, transfer.easy);
  const TransferEnd end = drive(transfer, stall_limit);
  curl_multi_remove_handle(transfer.multi, transfer.easy);
  return end;
}

}  // namespace photodrop::s3
