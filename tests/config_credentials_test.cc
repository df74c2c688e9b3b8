// When temporary keys end, as the settings tell it.
#include <gtest/gtest.h>

#include <chrono>

#include "config.h"

namespace photodrop {
namespace {

Settings expiring(const std::string& time) {
  return {{"AWS_ACCESS_KEY", "id"},
          {"AWS_SECRET_KEY", "secret"},
          {"AWS_SESSION_TOKEN", "token"},
          {"AWS_CREDENTIAL_EXPIRATION", time}};
}

TEST(ConfigCredentials, EndWhenAwsSaysSo) {
  const std::chrono::sys_seconds time(std::chrono::seconds(1369353600));
  for (const char* const text : {"2013-05-24T00:00:00Z", "2013-05-24T00:00:00+00:00"}) {
    EXPECT_EQ(parse_config(expiring(text)).store.sender.credentials.expires_at, time) << text;
  }
}

TEST(ConfigCredentials, HaveNoEndThatIsKnownWithoutTheSetting) {
  EXPECT_EQ(parse_config(expiring("")).store.sender.credentials.expires_at, std::nullopt);
}

TEST(ConfigCredentials, RefuseAnEndThatIsNoTime) {
  try {
    parse_config(expiring("tomorrow"));
    FAIL() << "taken";
  } catch (const ConfigError& error) {
    ASSERT_EQ(error.faults().size(), 1U);
    EXPECT_EQ(error.faults()[0],
              "AWS_CREDENTIAL_EXPIRATION must be a time like 2026-01-31T12:00:00Z.");
  }
}

}  // namespace
}  // namespace photodrop
