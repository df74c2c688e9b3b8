// signer_cli: the signer for tests in other languages. Reads one JSON object a line,
//
//   {"form": "header" | "query", "access_key": …, "secret_key": …, "session_token": …,
//    "time": seconds since 1970, "region": …, "method": …, "key": the path, decoded,
//    "query": [[name, value], …], "headers": [[name, value], …], "payload_hash": …,
//    "expires": seconds}
//
// and answers each with one line: the Authorization header's value, or the presigned path and
// query. The first bad line ends it with a message and status 1.
#include <exception>
#include <iostream>
#include <string>

#include "base/text.h"
#include "s3/json_fields.h"
#include "s3/signer.h"
#include "support/json_fixture.h"

namespace photodrop::s3 {
namespace {

UnsignedRequest request_of(const JsonValue& line) {
  return {.method = line["method"].text(),
          .path = percent_encode(line["key"].text(), true),
          .query = fields_of(line["query"]),
          .headers = fields_of(line["headers"]),
          .payload_hash = line["payload_hash"].text()};
}

std::string answer(const JsonValue& line) {
  const UnsignedRequest request = request_of(line);
  const Credentials credentials{line["access_key"].text(), line["secret_key"].text(),
                                line["session_token"].text()};
  const std::chrono::sys_seconds time{std::chrono::seconds(line["time"].number())};
  const Scope scope{.time = time, .region = line["region"].text()};
  if (line["form"].text() == "header") {
    return sign_headers(request, credentials, scope).back().second;
  }
  const std::chrono::seconds expires(line["expires"].number());
  return request.path + "?" + presign_query(request, credentials, scope, expires);
}

}  // namespace
}  // namespace photodrop::s3

int main() {
  try {
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << photodrop::s3::answer(photodrop::parse_json(line)) << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "signer_cli: " << error.what() << '\n';
    return 1;
  }
}
