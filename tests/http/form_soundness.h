// What must hold of any form at all that is read: for tests that damage one.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/header_params.h"
#include "http/multipart.h"
#include "support/form.h"

namespace photodrop::testing {

inline bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() &&
                          part.data() + part.size() <= whole.data() + whole.size());
}

// `delimiter` is what ends a part, without CR.
inline void expect_sound(const FormPart& part, std::string_view body,
                         const std::string& delimiter) {
  ASSERT_TRUE(lies_within(part.content, body));
  EXPECT_TRUE(lies_within(part.content_type, body));
  EXPECT_EQ(part.content.find(delimiter), std::string_view::npos);
  const auto end =
      static_cast<std::size_t>(part.content.data() + part.content.size() - body.data());
  EXPECT_TRUE(body.substr(end).starts_with("\r" + delimiter));
  EXPECT_LE(part.name.size() + part.filename.value_or("").size(), kMaxPartHeaderBytes);
  EXPECT_TRUE(part.filename || part.content.size() <= kMaxTextFieldBytes);
}

// The form is refused with a sentence, or its parts lie in the body between its delimiters and
// keep to the limits. Returns the sentence, or "accepted".
inline std::string expect_sound(const Form& form) {
  std::string refusal = refusal_of(form);
  if (refusal == "accepted") {
    const auto header = parse_header_value(form.content_type);
    const std::string delimiter = "\n--" + find_param(header.value(), "boundary").value();
    const auto parts = parse_multipart(form.content_type, form.body);
    EXPECT_LE(parts.size(), kMaxParts);
    for (const FormPart& part : parts) expect_sound(part, form.body, delimiter);
  }
  return refusal;
}

}  // namespace photodrop::testing
