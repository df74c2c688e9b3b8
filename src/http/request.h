// One HTTP request as the API sees it, whoever delivered it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

struct Request {
  std::string method;               // upper case, as sent
  std::string path;                 // decoded, without the query
  std::string query;                // as sent, without '?'
  std::string content_type;         // the whole header; empty when absent
  std::string request_id;           // nginx's $request_id: 32 hex digits
  bool keeps_lists = false;         // nginx has a cache for lists: api/photo_lists.h says how
  bool has_thumbnail_pool = false;  // nginx passes on to it what is to be made
  // When nginx passed the request on, by this machine's clock.
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> passed_on = {};
  // The other headers: lower-case names, values as sent.
  std::map<std::string, std::string, std::less<>> headers;
  // The whole body. It belongs to whoever made the request and outlives the handler's call.
  std::string_view body;

  // The header's value, empty when it was not sent. `name` is in lower case.
  std::string_view header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
};

}  // namespace photodrop
