// One HTTP response: a status, headers, and a body that is either text or written as it comes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace photodrop {

// Takes the next piece of a body. Throws when the client is gone.
using BodySink = std::function<void(std::string_view)>;

// Writes a whole body, piece by piece, so that a long list never stands in memory. What it
// throws ends the response in the middle: the client sees it broken, never short and whole.
using BodyProducer = std::function<void(const BodySink&)>;

struct Response {
  using Headers = std::vector<std::pair<std::string, std::string>>;

  int status = 200;
  Headers headers = {};  // but Content-Length
  std::variant<std::string, BodyProducer> body = {};

  // For the log alone: the problem's code or "ok", and what lay behind it; the route that
  // answered, as it was added to the router, and the true media type of an upload that was
  // taken, empty where there is none.
  std::string outcome = "ok";
  std::string cause = {};
  std::string route = {};
  std::string image_type = {};
  bool is_routine = false;  // asked for all day long, and well: not worth a line
};

}  // namespace photodrop
