#include "s3/listing.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace photodrop::s3 {
namespace {

std::string entry(const std::string& key, const std::string& size = "5",
                  const std::string& modified = "2026-01-31T12:00:00.250Z") {
  return "<Contents><Key>" + key + "</Key><LastModified>" + modified +
         "</LastModified><ETag>&quot;x&quot;</ETag><Size>" + size + "</Size></Contents>";
}

std::string listing(const std::string& entries) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
         "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
         "<Name>photos</Name><IsTruncated>false</IsTruncated>"
         "<EncodingType>url</EncodingType>" +
         entries + "</ListBucketResult>";
}

std::string cause_of(const std::string& xml) {
  try {
    parse_listing(xml);
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::storage_unavailable);
    return error.cause();
  }
}

TEST(Listing, HasKeysSizesAndTimes) {
  const auto objects = parse_listing(listing(entry("a", "0") + entry("b", "5242880")));
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].key, "a");
  EXPECT_EQ(objects[0].size, 0);
  EXPECT_EQ(objects[1].key, "b");
  EXPECT_EQ(objects[1].size, 5242880);
  using std::chrono::year;
  EXPECT_EQ(objects[1].modified,
            std::chrono::sys_days(year(2026) / 1 / 31) + std::chrono::hours(12));
}

TEST(Listing, MayBeEmpty) {
  EXPECT_TRUE(parse_listing(listing("")).empty());
}

TEST(Listing, DecodesKeys) {
  const auto objects = parse_listing(listing(
      entry("a%20b") + entry("a&amp;b") + entry("a%2Bb") + entry("b+c") + entry("%E6%97%A5")));
  ASSERT_EQ(objects.size(), 5U);
  EXPECT_EQ(objects[0].key, "a b");
  EXPECT_EQ(objects[1].key, "a&b");
  EXPECT_EQ(objects[2].key, "a+b");
  EXPECT_EQ(objects[3].key, "b c");
  EXPECT_EQ(objects[4].key, "\xE6\x97\xA5");
}

TEST(Listing, TakesKeysAsTheyAreWhenTheyAreNotEncoded) {
  const auto objects = parse_listing("<ListBucketResult>" + entry("a%20b") + entry("a+b") +
                                     "</ListBucketResult>");
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].key, "a%20b");
  EXPECT_EQ(objects[1].key, "a+b");
}

TEST(Listing, RefusesAnEmptyPageThatIsNotTheLast) {
  EXPECT_NE(cause_of("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"),
            "none");
}

TEST(Listing, TakesTimesWithoutFractions) {
  EXPECT_EQ(cause_of(listing(entry("a", "1", "2026-01-31T12:00:00Z"))), "none");
}

TEST(Listing, RefusesWhatIsNoList) {
  for (const char* const xml : {"", "hello", "<a>", "<Error><Code>AccessDenied</Code></Error>",
                                "<ListBucketResult>", "<html></html>"}) {
    EXPECT_NE(cause_of(xml), "none") << xml;
  }
}

TEST(Listing, RefusesEntriesThatCannotBe) {
  for (const char* const size : {"", "x", "-1", "1.5", "99999999999999999999"}) {
    EXPECT_NE(cause_of(listing(entry("a", size))), "none") << size;
  }
  for (const char* const time : {"", "yesterday", "2026-01-31", "2026-01-31T12:00:00"}) {
    EXPECT_NE(cause_of(listing(entry("a", "1", time))), "none") << time;
  }
}

TEST(Listing, RefusesAListOutOfOrder) {
  EXPECT_EQ(cause_of(listing(entry("b") + entry("a"))), "GET: a list out of order");
}

}  // namespace
}  // namespace photodrop::s3
