// From method and path to the function that answers.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace photodrop {

using Handler = std::function<Response(const Request&)>;

class Router {
 public:
  // `path` is written as the API's description does, "/photos/{id}": a segment in braces stands
  // for any that is not empty, the rest is compared whole and with regard to case. A route for
  // GET answers HEAD too: nginx drops the body.
  void add(std::string_view method, std::string_view path, Handler handler);

  // The answer of the matching route, which it names. Without one: a 404 problem, or 405 with
  // Allow when the path has other methods. Throws nothing: what a handler throws is a problem
  // too (http/problem.h).
  Response dispatch(const Request& request) const;

 private:
  struct Route {
    std::string method;
    std::string path;
    Handler handler;
  };

  std::vector<Route> routes_;
};

}  // namespace photodrop
