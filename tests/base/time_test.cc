#include "base/time.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::sys_time;

TEST(Rfc3339, WritesSecondsInUtc) {
  EXPECT_EQ(rfc3339(sys_seconds(seconds(0))), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(sys_seconds(seconds(1369353600))), "2013-05-24T00:00:00Z");
  EXPECT_EQ(rfc3339(sys_seconds(seconds(1709251199))), "2024-02-29T23:59:59Z");
  EXPECT_EQ(rfc3339(sys_seconds(seconds(4102444800))), "2100-01-01T00:00:00Z");
}

TEST(Rfc3339, WritesThreeDigitsOfMilliseconds) {
  EXPECT_EQ(rfc3339(sys_time<milliseconds>(milliseconds(1369353600000))),
            "2013-05-24T00:00:00.000Z");
  EXPECT_EQ(rfc3339(sys_time<milliseconds>(milliseconds(1369353600007))),
            "2013-05-24T00:00:00.007Z");
  EXPECT_EQ(rfc3339(sys_time<milliseconds>(milliseconds(1369353600999))),
            "2013-05-24T00:00:00.999Z");
}

TEST(Rfc3339, CountsForwardsBefore1970) {
  EXPECT_EQ(rfc3339(sys_seconds(seconds(-1))), "1969-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339(sys_time<milliseconds>(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, DoesNotCareForTheTimeZone) {
  setenv("TZ", "America/New_York", 1);
  tzset();
  EXPECT_EQ(rfc3339(sys_seconds(seconds(1369353600))), "2013-05-24T00:00:00Z");
  unsetenv("TZ");
  tzset();
}

TEST(ParseRfc3339, ReadsUtcAndOffsets) {
  const sys_seconds time(seconds(1369353600));
  for (const char* const text : {"2013-05-24T00:00:00Z", "2013-05-24T00:00:00+00:00",
                                 "2013-05-24T02:30:00+02:30", "2013-05-23T19:00:00-05:00"}) {
    EXPECT_EQ(parse_rfc3339(text), time) << text;
  }
}

TEST(ParseRfc3339, GivesBackWhatWasWritten) {
  for (const std::int64_t second : {0LL, 951'782'399LL, 951'782'400LL, 4'102'444'800LL}) {
    const sys_seconds time{seconds(second)};
    EXPECT_EQ(parse_rfc3339(rfc3339(time)), time);
  }
}

TEST(ParseRfc3339, RefusesWhatIsNoTime) {
  for (const char* const text :
       {"", "tomorrow", "2013-05-24", "2013-05-24T00:00:00", "2013-05-24T00:00:00Z ",
        "2013-05-24T25:00:00Z", "2013-13-24T00:00:00Z", "1369353600"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace photodrop
