// The web server's side of FastCGI 1.0, to speak to a worker on its UNIX socket: well or badly,
// record by record.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace photodrop::testing {

using FcgiParams = std::map<std::string, std::string>;

struct FcgiReply {
  std::string output;     // all of STDOUT: a CGI response (RFC 3875 §6)
  bool complete = false;  // END_REQUEST came; without it nginx takes the response for broken

  int status() const;  // of the Status header; 0 when there is none
  std::string head() const;
  std::string body() const;
};

// One connection. Whatever it waits for has a limit; what goes wrong throws.
class FcgiClient {
 public:
  // Waits too for a place in the listener's queue.
  explicit FcgiClient(const std::string& socket_path);

  void begin();
  void params(const FcgiParams& params);  // with the empty record that ends them
  void body(std::string_view bytes);      // a part, as STDIN records
  void end_body();
  void raw(std::string_view bytes);

  // All that the worker sends until it closes its side; then closes this one.
  FcgiReply reply();

  void close() { socket_ = UniqueFd(); }

 private:
  void record(unsigned char type, std::string_view content);

  UniqueFd socket_;
};

// The parameters of a request, as nginx names them. Without a body CONTENT_LENGTH is empty.
FcgiParams request_params(const std::string& method, const std::string& path,
                          const std::optional<std::size_t>& length = std::nullopt);

// A whole request with REQUEST_METHOD GET, or POST when there is a body, and its answer.
FcgiReply fcgi_get(const std::string& socket_path, const std::string& path);
FcgiReply fcgi_post(const std::string& socket_path, const std::string& path,
                    std::string_view body);

}  // namespace photodrop::testing
