#include "http/router.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/text.h"
#include "http/problem.h"

namespace photodrop {
namespace {

bool answers(std::string_view route_method, std::string_view method) {
  return route_method == method || (route_method == "GET" && method == "HEAD");
}

bool leads_to(std::string_view route, std::string_view path) {
  if (std::count(route.begin(), route.end(), '/') !=
      std::count(path.begin(), path.end(), '/')) {
    return false;
  }
  while (!route.empty()) {
    const std::string_view expected = take_until(route, '/');
    const std::string_view segment = take_until(path, '/');
    if (expected.starts_with('{') ? segment.empty() : segment != expected) return false;
  }
  return path.empty();
}

Response answer_of(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const Error& error) {
    return problem_response(error, request.request_id);
  } catch (const std::exception& error) {
    return problem_response({Fault::internal, "The service made an error.", error.what()},
                            request.request_id);
  }
}

}  // namespace

void Router::add(std::string_view method, std::string_view path, Handler handler) {
  routes_.push_back({std::string(method), std::string(path), std::move(handler)});
}

Response Router::dispatch(const Request& request) const {
  std::string allowed;
  for (const Route& route : routes_) {
    if (!leads_to(route.path, request.path)) continue;
    if (answers(route.method, request.method)) {
      Response response = answer_of(route.handler, request);
      response.route = route.path;
      return response;
    }
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
