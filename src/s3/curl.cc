#include "s3/curl.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "base/error.h"
#include "base/text.h"
#include "s3/curl_transfer.h"

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;

constexpr long kConnectTimeoutMs = 3000;
constexpr long kUploadBufferBytes = 512 * 1024;

struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

void append(Headers& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr)
    throw Error(Fault::internal, "The service made an error.", "no memory");
  static_cast<void>(list.release());
  list.reset(longer);
}

// What the callbacks share: the body still to be read, the reply as it grows.
struct Exchange {
  Pieces body;
  std::size_t max_reply_bytes;
  std::size_t position = 0;
  std::size_t received = 0;  // bytes of the reply, its head included
  bool head_ended = false;   // the last one of the reply, with an empty line
  HttpReply reply = {};
  curl_socket_t& socket;  // of the connection, which outlives the exchange
};

std::size_t read_body(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t length = exchange.body.copy(buffer, size * count, exchange.position);
  exchange.position += length;
  if (exchange.position == exchange.body.size()) exchange.reply.body_sent = true;
  return length;
}

// libcurl rewinds, unasked, when the store closed the kept connection without an answer, and
// sends again on a new one.
int seek_body(void* user, curl_off_t offset, int origin) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (origin != SEEK_SET || offset < 0 ||
      static_cast<std::size_t>(offset) > exchange.body.size()) {
    return CURL_SEEKFUNC_FAIL;
  }
  exchange.position = static_cast<std::size_t>(offset);
  exchange.reply.resent = exchange.reply.body_sent;
  return CURL_SEEKFUNC_OK;
}

std::size_t write_reply(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  exchange.received += size * count;
  std::string& body = exchange.reply.body;
  body.append(data, std::min(size * count, exchange.max_reply_bytes - body.size()));
  return size * count;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value) {
  const auto seconds = parse_integer(value);
  if (!seconds || *seconds < 0 || *seconds > 3600) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

std::optional<std::chrono::sys_seconds> parse_date(const std::string& value) {
  const std::time_t date = curl_getdate(value.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(date));
}

std::size_t read_header(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  HttpReply& reply = exchange.reply;
  exchange.received += size * count;
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) exchange.head_ended = false;
  if (line == "\r\n" || line == "\n") exchange.head_ended = true;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1, line.find('\r') - colon - 1));
  if (equals_ignoring_case(name, "retry-after")) reply.retry_after = parse_retry_after(value);
  if (equals_ignoring_case(name, "date")) reply.date = parse_date(std::string(value));
  if (equals_ignoring_case(name, "x-amz-bucket-region")) reply.bucket_region = value;
  return size * count;
}

// Called for each socket that libcurl connects.
int note_new_connection(void* user, curl_socket_t socket, curlsocktype /*purpose*/) {
  auto& exchange = *static_cast<Exchange*>(user);
  exchange.reply.kept = false;
  exchange.socket = socket;
  return CURL_SOCKOPT_OK;
}

bool is_transient(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
      return true;
    default:
      return false;
  }
}

std::string seconds(milliseconds time) {
  return std::to_string(time.count() / 1000) + "." + std::to_string(time.count() % 1000 / 100) +
         " s";
}

}  // namespace

struct Curl::Handle {
  CURL* easy = curl_easy_init();
  CURLM* multi = curl_multi_init();  // holds the kept connection
  std::array<char, CURL_ERROR_SIZE> error{};
  milliseconds last_answer{0};             // that the last response took to begin
  curl_socket_t socket = CURL_SOCKET_BAD;  // of the connection that was made last

  Handle() {
    if (easy == nullptr || multi == nullptr) {
      throw Error(Fault::internal, "The service made an error.", "curl_easy_init failed");
    }
  }
  ~Handle() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code == CURLE_OK) return;
    throw Error(Fault::internal, "The service made an error.", curl_easy_strerror(code));
  }

  void set_rules();
  void set_request(const HttpRequest& request, const Headers& headers, Exchange& exchange);
  CURLcode transfer(const HttpRequest& request, Exchange& exchange);
  milliseconds stall_limit(const HttpRequest& request, const Exchange& exchange) const;
};

// The rules of every exchange: nothing from the environment, no redirects, verified TLS, and no
// wait for "100 Continue".
void Curl::Handle::set_rules() {
  set(CURLOPT_ERRORBUFFER, error.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
}

void Curl::Handle::set_request(const HttpRequest& request, const Headers& headers,
                               Exchange& exchange) {
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  set(CURLOPT_WRITEFUNCTION, write_reply);
  set(CURLOPT_WRITEDATA, &exchange);
  set(CURLOPT_HEADERFUNCTION, read_header);
  set(CURLOPT_HEADERDATA, &exchange);
  set(CURLOPT_SOCKOPTFUNCTION, note_new_connection);
  set(CURLOPT_SOCKOPTDATA, &exchange);
  if (request.method == "PUT" || request.method == "POST") {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_READFUNCTION, read_body);
    set(CURLOPT_READDATA, &exchange);
    set(CURLOPT_SEEKFUNCTION, seek_body);
    set(CURLOPT_SEEKDATA, &exchange);
  }
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

// Longer on a kept connection than the store's last answer took, never longer than on a new
// one.
milliseconds Curl::Handle::stall_limit(const HttpRequest& request,
                                       const Exchange& exchange) const {
  if (!exchange.reply.kept) return request.stall_limit;
  return std::min(request.stall_limit, request.kept_stall_limit + 2 * last_answer);
}

CURLcode Curl::Handle::transfer(const HttpRequest& request, Exchange& exchange) {
  const auto limit = [&] { return stall_limit(request, exchange); };
  const TransferEnd end = run_transfer({multi, easy, socket, exchange.received}, limit);
  if (!end.code) {
    exchange.reply.stalled = true;
    const std::string text = "nothing moved for " + seconds(limit()) + " on a " +
                             (exchange.reply.kept ? "kept" : "new") + " connection";
    text.copy(error.data(), error.size() - 1);
  } else if (*end.code == CURLE_OK) {
    last_answer = end.answer_time;
  }
  return end.code.value_or(CURLE_OPERATION_TIMEDOUT);
}

Curl::Curl() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_ = std::make_unique<Handle>();
}

Curl::~Curl() {
  handle_.reset();
  curl_global_cleanup();
}

HttpReply Curl::perform(const HttpRequest& request) {
  Exchange exchange{.body = request.body,
                    .max_reply_bytes = request.max_reply_bytes,
                    .socket = handle_->socket};
  exchange.reply.body_sent = request.body.empty();
  exchange.reply.kept = true;  // unless libcurl connects
  Headers headers;
  append(headers, "Expect:");
  for (const auto& [name, value] : request.headers) {
    append(headers, std::string(name).append(": ").append(value));
  }

  curl_easy_reset(handle_->easy);
  handle_->error.fill('\0');
  handle_->set_rules();
  handle_->set_request(request, headers, exchange);
  const CURLcode code = handle_->transfer(request, exchange);

  if (code == CURLE_OK && !exchange.head_ended) {
    // libcurl lets a head that breaks off pass for a whole one.
    exchange.reply.transient = true;
    exchange.reply.failure = "the head of the answer broke off";
  } else if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(handle_->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.reply.status = static_cast<int>(status);
  } else {
    exchange.reply.transient = is_transient(code);
    exchange.reply.unknown_host = code == CURLE_COULDNT_RESOLVE_HOST;
    exchange.reply.untrusted = code == CURLE_PEER_FAILED_VERIFICATION;
    const std::string_view detail(handle_->error.data());
    exchange.reply.failure = detail.empty() ? curl_easy_strerror(code) : detail;
  }
  return exchange.reply;
}

}  // namespace photodrop::s3
