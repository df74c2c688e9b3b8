// The header Idempotency-Key.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "fuzz/targets.h"
#include "http/idempotency_key.h"

namespace photodrop::fuzz {
namespace {

std::string in_quotes(std::string_view key) {
  std::string out = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

void run(std::string_view input) {
  try {
    const std::string key = parse_idempotency_key(input);
    EXPECT_EQ(key.empty(), trim(input).empty());
    if (key.empty()) return;
    EXPECT_LE(key.size(), 255U);
    EXPECT_TRUE(std::all_of(key.begin(), key.end(), is_printable));
    EXPECT_EQ(parse_idempotency_key(in_quotes(key)), key);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_parameter);
  }
}

}  // namespace

Target idempotency_key_target() {
  return {"idempotency_key",
          run,
          {"\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd",
           in_quotes("a \"b\" \\"), " \"two words, and; more\"\t",
           in_quotes(std::string(255, 'k')), std::string(256, 'k')}};
}

}  // namespace photodrop::fuzz
