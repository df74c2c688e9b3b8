#include "http/problem.h"

#include "base/json.h"
#include "http/status.h"

namespace photodrop {
namespace {

struct Problem {
  int status;
  std::string_view code;
};

Problem problem_of(Fault fault) {
  switch (fault) {
    case Fault::malformed_upload:
      return {400, "malformed-upload"};
    case Fault::unsupported_type:
      return {400, "unsupported-type"};
    case Fault::invalid_image:
      return {400, "invalid-image"};
    case Fault::too_large:
      return {413, "too-large"};
    case Fault::missing_photo:
      return {422, "missing-photo"};
    case Fault::invalid_parameter:
      return {422, "invalid-parameter"};
    case Fault::idempotency_mismatch:
      return {422, "idempotency-mismatch"};
    case Fault::in_progress:
      return {409, "in-progress"};
    case Fault::unauthorized:
      return {401, "unauthorized"};
    case Fault::forbidden:
      return {403, "forbidden"};
    case Fault::not_found:
      return {404, "not-found"};
    case Fault::no_thumbnail:
      return {404, "no-thumbnail"};
    case Fault::method_not_allowed:
      return {405, "method-not-allowed"};
    case Fault::busy:
      return {503, "busy"};
    case Fault::storage_unavailable:
      return {503, "storage-unavailable"};
    case Fault::database_unavailable:
      return {503, "database-unavailable"};
    case Fault::internal:
      return {500, "internal"};
  }
  return {500, "internal"};
}

constexpr const char* kRetryAfterSeconds = "5";

}  // namespace

std::string_view code_of(Fault fault) {
  return problem_of(fault).code;
}

Response problem_response(const Error& error, std::string_view request_id) {
  const Problem problem = problem_of(error.fault());
  Json json;
  // A problem of type about:blank has its status's reason phrase for a title (RFC 9457 §4.2.1).
  json.begin_object().key("type").value("about:blank");
  json.key("title").value(reason_phrase(problem.status)).key("status").value(problem.status);
  json.key("detail").value(error.detail()).key("code").value(problem.code);
  json.key("request_id").value(request_id).end_object();

  Response response;
  response.status = problem.status;
  response.headers = {{"Content-Type", "application/problem+json"}};
  if (problem.status == 503 || problem.status == 409)
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  response.body = std::string(json.text());
  response.outcome = problem.code;
  response.cause = error.cause();
  return response;
}

}  // namespace photodrop
