// The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a name that the
// client makes up for one upload and repeats when it tries again.
#pragma once

#include <string>
#include <string_view>

namespace photodrop {

// The key in the header's value: a string of RFC 8941 §3.3.3 ("a \"quoted\" one"), or bare as
// most clients send it, in visible ASCII without '"', ',' and ';'. Empty when there is no
// header. Throws Error{invalid_parameter} for what is neither, and for a key that is empty or
// longer than 255 characters.
std::string parse_idempotency_key(std::string_view header);

}  // namespace photodrop
