#include "http/content_coding.h"

#include <algorithm>

#include "base/text.h"
#include "http/header_params.h"

namespace photodrop {
namespace {

// Whether its weight (RFC 9110 §12.4.2) is above 0, as it is when none is given.
bool is_wanted(const HeaderValue& coding) {
  return std::ranges::none_of(coding.params, [](const HeaderParam& param) {
    return param.name == "q" && param.value.find_first_not_of("0.") == std::string::npos;
  });
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const auto coding = parse_header_value(trim(take_until(accept_encoding, ',')));
    if (coding && equals_ignoring_case(coding->value, "gzip")) return is_wanted(*coding);
  }
  return false;
}

}  // namespace photodrop
