// What a client calls its photo, as it is shown, as it names the object, and in a header.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "fuzz/targets.h"
#include "http/content_disposition.h"
#include "http/header_params.h"
#include "photos/names.h"

namespace photodrop::fuzz {
namespace {

constexpr std::string_view kUuid = "8e03978e-40d5-43dd-bc93-6894a57f9324";
constexpr std::string_view kKeyChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

void expect_clean(const std::string& name) {
  EXPECT_LE(name.size(), 255U);
  EXPECT_EQ(clean_text(name), name);
  EXPECT_EQ(trim(name), name);
  EXPECT_EQ(name.find_first_of("/\\"), std::string::npos);
  EXPECT_FALSE(name.ends_with('.'));
  EXPECT_EQ(clean_filename(name), name);
}

void expect_key(std::string_view key) {
  ASSERT_TRUE(is_photo_key(key)) << key;
  const std::string_view name = key.substr(kUuid.size() + 1);
  EXPECT_EQ(name.find_first_not_of(kKeyChars), std::string_view::npos) << key;
  EXPECT_FALSE(name.empty() || name.starts_with('.')) << key;
  EXPECT_LE(name.size(), 100U) << key;
}

// The header is one line, and says the name.
void expect_disposition_names(const std::string& name) {
  const std::string header = inline_disposition(name);
  for (const char c : header) EXPECT_TRUE(c >= ' ' && c <= '~') << header;
  const auto read = parse_header_value(header);
  ASSERT_TRUE(read) << header;
  EXPECT_EQ(read->value, "inline");
  const auto ascii = find_param(*read, "filename");
  const auto full = find_param(*read, "filename*");
  EXPECT_EQ(full ? full : ascii.value_or(""), full ? "UTF-8''" + percent_encode(name) : name);
}

void run(std::string_view input) {
  const std::string name = clean_filename(input);
  expect_clean(name);
  expect_key(photo_key(kUuid, input));
  expect_disposition_names(name);
}

}  // namespace

Target filename_target() {
  return {"filename",
          run,
          {"cat.jpg", "C:\\path\\a \"b\"%41.jpg", "../..", "\xE6\x97\xA5\xE6\x9C\xAC.jpg ",
           std::string(300, 'n') + ".jpeg", "nul\r\n\x7F\xC2\x85\xFF.gif"}};
}

}  // namespace photodrop::fuzz
