// Bodies of multipart/form-data (RFC 7578) for tests, written as browsers write them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace photodrop::testing {

// A request's body and its Content-Type header. It owns both: parts that were parsed from it
// are views into `body`.
struct Form {
  std::string content_type;
  std::string body;
};

struct FormEntry {
  std::string name;
  std::optional<std::string> filename;  // absent in a text field
  std::string content_type;             // no such header when empty
  std::string content;
};

// The form with these entries in their order. In names, a quote, CR and LF become %22, %0D and
// %0A; everything else, NUL and backslashes too, is sent as it is.
Form make_form(const std::vector<FormEntry>& entries);

// A form that is valid, with something odd in every place that has room for it. Its boundary is
// XY.
Form odd_form();

// The sentence with which parse_multipart refuses `form`, or "accepted". Anything but an
// Error{malformed_upload} fails the test. The parser sees copies of exactly the size they need,
// so that a sanitizer notices one byte read too many.
std::string refusal_of(const Form& form);

}  // namespace photodrop::testing
