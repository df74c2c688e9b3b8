// Faults as HTTP answers: application/problem+json (RFC 9457). The one place where a Fault gets
// a status, a code and a title. nginx makes its own problems in the same shape
// (nginx/photodrop-errors.conf.template).
#pragma once

#include <string_view>

#include "base/error.h"
#include "http/response.h"

namespace photodrop {

// The stable kebab-case code of a fault, as clients and the log see it.
std::string_view code_of(Fault fault);

// The answer to `error`: {"type","title","status","detail","code","request_id"}, with
// Retry-After where trying again makes sense. Nothing of error.cause() reaches the body.
Response problem_response(const Error& error, std::string_view request_id);

}  // namespace photodrop
