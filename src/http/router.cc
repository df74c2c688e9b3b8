#include "http/router.h"

#include <utility>

#include "http/problem.h"

namespace photodrop {
namespace {

bool answers(std::string_view route_method, std::string_view method) {
  return route_method == method || (route_method == "GET" && method == "HEAD");
}

bool leads_to(std::string_view route_path, std::string_view path) {
  if (!route_path.ends_with("/*")) return route_path == path;
  const std::string_view folder = route_path.substr(0, route_path.size() - 1);
  return path.starts_with(folder) && last_segment(path).size() == path.size() - folder.size() &&
         path.size() > folder.size();
}

}  // namespace

std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

void Router::add(std::string_view method, std::string_view path, Handler handler) {
  routes_.push_back({std::string(method), std::string(path), std::move(handler)});
}

Response Router::dispatch(const Request& request) const {
  std::string allowed;
  for (const Route& route : routes_) {
    if (!leads_to(route.path, request.path)) continue;
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
