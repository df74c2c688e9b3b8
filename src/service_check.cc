#include "service_check.h"

#include <chrono>
#include <string>
#include <string_view>

#include "s3/curl.h"

namespace photodrop {
namespace {

using enum Diagnosis::Verdict;

constexpr std::chrono::seconds kTimeout{60};
constexpr std::string_view kFormType = "multipart/form-data; boundary=photodrop-doctor";
constexpr std::string_view kFormHead =
    "--photodrop-doctor\r\n"
    "Content-Disposition: form-data; name=\"photo\"; filename=\"doctor.jpg\"\r\n"
    "Content-Type: image/jpeg\r\n"
    "\r\n";
constexpr std::string_view kFormTail = "\r\n--photodrop-doctor--\r\n";

s3::HttpReply post(const std::string& url, std::string_view type, std::string_view body) {
  s3::Curl curl;
  return curl.perform({.method = "POST",
                       .url = url,
                       .headers = {{"Content-Type", std::string(type)}},
                       .body = body,
                       .timeout = kTimeout});
}

// The `code` of a problem (RFC 9457) as nginx and the workers write it; empty when it is none.
std::string_view problem_code(std::string_view body) {
  static constexpr std::string_view kMember = "\"code\":\"";
  const std::size_t at = body.find(kMember);
  if (at == std::string_view::npos) return {};
  body.remove_prefix(at + kMember.size());
  return body.substr(0, body.find('"'));
}

std::string describe(const s3::HttpReply& reply) {
  if (reply.status == 0) return reply.failure;
  const std::string_view code = problem_code(reply.body);
  return std::to_string(reply.status) + (code.empty() ? "" : " ") + std::string(code);
}

std::string hint_for(const s3::HttpReply& reply) {
  if (reply.status == 0) {
    return "nginx must run at the address given with --url, with a certificate that this "
           "machine trusts when it is https";
  }
  if (reply.status == 413) {
    return "MAX_IMAGE_SIZE_BYTES must be the same everywhere: render nginx's configuration "
           "(client_max_body_size) anew and restart the workers";
  }
  if (reply.status >= 502 && reply.status <= 504) {
    return "`photodrop serve` must run, with LISTEN_SOCKET the socket that nginx knows";
  }
  return "--url must lead to photodrop itself, as http or https as it is served";
}

Diagnosis finding(Diagnosis::Verdict verdict, const std::string& text,
                  const std::string& hint = "") {
  return {.name = "nginx body limit", .verdict = verdict, .text = text, .hint = hint};
}

}  // namespace

Diagnosis check_service(const s3::Endpoint& service, std::int64_t max_bytes) {
  const std::string url = service.scheme + "://" + service.host + "/api/photos";
  const std::string size = std::to_string(max_bytes) + " bytes";
  const std::size_t length = static_cast<std::size_t>(max_bytes);
  std::string body(kFormHead);
  body.append(length, '\0').append(kFormTail);

  const s3::HttpReply largest = post(url, kFormType, body);
  if (largest.status == 401 && problem_code(largest.body) == "unauthorized") {
    return finding(good,
                   "photos of up to " + size + " reach a worker, which asks for a token first");
  }
  if (largest.status != 400 || problem_code(largest.body) != "unsupported-type") {
    return finding(bad, "a photo of " + size + " does not get through: " + describe(largest),
                   hint_for(largest));
  }
  body.assign(length + 1, '\0');
  const s3::HttpReply larger = post(url, "image/jpeg", body);
  if (larger.status == 413) {
    return finding(good,
                   "photos of up to " + size + " reach a worker, larger ones are refused");
  }
  return finding(
      warning, "a photo of more than " + size + " is not too large: " + describe(larger),
      "MAX_IMAGE_SIZE_BYTES is larger for the workers: restart them with this setting");
}

}  // namespace photodrop
