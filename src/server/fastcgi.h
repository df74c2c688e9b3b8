// What FastCGI's parameters and streams say, as values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace photodrop {

// Takes one CGI variable (RFC 3875 §4.1) into the request: method, path (DOCUMENT_URI), query,
// content type, nginx's REQUEST_ID, PASSED_ON, LIST_CACHE and THUMBNAIL_POOL, and HTTP_* as
// headers.
void take_variable(Request& request, std::string_view name, std::string_view value);

// The value of CONTENT_LENGTH: 0 when it is empty, nullopt when it is no length.
std::optional<std::size_t> parse_content_length(std::string_view text);

// The head of a CGI response (RFC 3875 §6.3): Status, headers, the length of a body that is
// text, an empty line. By the length nginx knows a whole answer even from a worker that is
// killed before it can say that this was all.
std::string response_head(const Response& response);

}  // namespace photodrop
