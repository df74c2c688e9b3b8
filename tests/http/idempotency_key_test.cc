#include "http/idempotency_key.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace photodrop {
namespace {

bool is_refused(const std::string& header) {
  try {
    parse_idempotency_key(header);
    return false;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid_parameter);
    return true;
  }
}

TEST(IdempotencyKey, IsTheStringBetweenTheQuotes) {
  EXPECT_EQ(parse_idempotency_key("\"8e03978e-40d5-43dd-bc93-6894a57f9324\""),
            "8e03978e-40d5-43dd-bc93-6894a57f9324");
  EXPECT_EQ(parse_idempotency_key("\"two words, and; more\""), "two words, and; more");
  EXPECT_EQ(parse_idempotency_key(R"("a \"quoted\" one \\")"), R"(a "quoted" one \)");
  EXPECT_EQ(parse_idempotency_key(" \t\"a\" "), "a");
}

TEST(IdempotencyKey, MayBeBare) {
  EXPECT_EQ(parse_idempotency_key("8e03978e-40d5-43dd"), "8e03978e-40d5-43dd");
  EXPECT_EQ(parse_idempotency_key("a/b+c=d:~"), "a/b+c=d:~");
  EXPECT_EQ(parse_idempotency_key(" a "), "a");
}

TEST(IdempotencyKey, QuotedOrBareIsTheSameKey) {
  EXPECT_EQ(parse_idempotency_key("\"a\""), parse_idempotency_key("a"));
}

TEST(IdempotencyKey, NoHeaderIsNoKey) {
  EXPECT_EQ(parse_idempotency_key(""), "");
  EXPECT_EQ(parse_idempotency_key("  "), "");
}

TEST(IdempotencyKey, RefusesWhatIsAmbiguous) {
  for (const char* const header :
       {"\"", "\"a", "a\"", "\"a\"b\"", "\"a\\\"", "\"a\\b\"", "\"a\\", "\"a\"; v=1", "a;v=1",
        "a, b", "a,b", "\"a\", \"b\"", "a b", "a\\b"}) {
    EXPECT_TRUE(is_refused(header)) << header;
  }
}

TEST(IdempotencyKey, RefusesWhatIsNotPrintableAscii) {
  for (const char* const header :
       {"a\tb", "\"a\tb\"", "\x01", "\"\x7F\"", "\xC3\xBC", "\"\xC3\xBC\""}) {
    EXPECT_TRUE(is_refused(header)) << header;
  }
  EXPECT_TRUE(is_refused(std::string("\"a\0b\"", 5)));
}

TEST(IdempotencyKey, HasOneTo255Characters) {
  EXPECT_TRUE(is_refused("\"\""));
  EXPECT_EQ(parse_idempotency_key(std::string(255, 'k')).size(), 255U);
  EXPECT_EQ(parse_idempotency_key("\"" + std::string(255, ' ') + "\"").size(), 255U);
  EXPECT_TRUE(is_refused(std::string(256, 'k')));
  EXPECT_TRUE(is_refused("\"" + std::string(256, 'k') + "\""));
}

}  // namespace
}  // namespace photodrop
