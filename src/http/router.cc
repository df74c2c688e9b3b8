#include "http/router.h"

#include <utility>

#include "http/problem.h"

namespace photodrop {
namespace {

bool answers(std::string_view route_method, std::string_view method) {
  return route_method == method || (route_method == "GET" && method == "HEAD");
}

}  // namespace

void Router::add(std::string_view method, std::string_view path, Handler handler) {
  routes_.push_back({std::string(method), std::string(path), std::move(handler)});
}

Response Router::dispatch(const Request& request) const {
  std::string allowed;
  for (const Route& route : routes_) {
    if (route.path != request.path) continue;
    if (answers(route.method, request.method)) return route.handler(request);
    allowed += (allowed.empty() ? "" : ", ") + route.method;
    if (route.method == "GET") allowed += ", HEAD";
  }
  if (allowed.empty()) {
    return problem_response({Fault::not_found, "There is nothing at this address."},
                            request.request_id);
  }
  Response response =
      problem_response({Fault::method_not_allowed, "This address takes only " + allowed + "."},
                       request.request_id);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace photodrop
