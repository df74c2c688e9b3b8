#include "base/text.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace photodrop {
namespace {

using namespace std::string_literals;

TEST(LowerAscii, ChangesAsciiLettersOnly) {
  EXPECT_EQ(lower_ascii("Content-TYPE @[`{ 09"), "content-type @[`{ 09");
  EXPECT_EQ(lower_ascii("\xC3\x84\xC3\x96 AZ"), "\xC3\x84\xC3\x96 az");
  EXPECT_EQ(lower_ascii("A\0B"s), "a\0b"s);
  EXPECT_EQ(lower_ascii(""), "");
}

TEST(EqualsIgnoringCase, ComparesTheWholeText) {
  EXPECT_TRUE(equals_ignoring_case("Image/JPEG", "imAGE/jpeg"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("image/jpeg", "image/jpegs"));
  EXPECT_FALSE(equals_ignoring_case("image/jpegs", "image/jpeg"));
  EXPECT_FALSE(equals_ignoring_case("", "a"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));  // 0x20 apart, as letters are
}

TEST(Trim, DropsSpacesAndTabsAtTheEnds) {
  EXPECT_EQ(trim(" \t a b\tc \t"), "a b\tc");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\r\na\n"), "\r\na\n");
}

TEST(TakeUntil, TakesOneFieldAfterTheOther) {
  std::string_view rest = "a,,bc,";
  std::vector<std::string_view> fields;
  while (!rest.empty()) fields.push_back(take_until(rest, ','));
  EXPECT_EQ(fields, (std::vector<std::string_view>{"a", "", "bc"}));
}

TEST(TakeUntil, TakesAllWhereNothingSeparates) {
  std::string_view rest = "abc";
  EXPECT_EQ(take_until(rest, ','), "abc");
  EXPECT_EQ(rest, "");
  EXPECT_EQ(take_until(rest, ','), "");
}

TEST(ParseInteger, ReadsWhatFits) {
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(parse_integer("-17"), -17);
  EXPECT_EQ(parse_integer("007"), 7);
  EXPECT_EQ(parse_integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(parse_integer("-9223372036854775808"), INT64_MIN);
}

TEST(ParseInteger, RefusesEverythingElse) {
  for (const std::string& text :
       {""s, "-"s, "+1"s, " 1"s, "1 "s, "1.0"s, "1e3"s, "0x1"s, "1\0"s, "--1"s, "1-"s,
        "\xD9\xA1"s, "9223372036854775808"s, "-9223372036854775809"s}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  }
}

// RFC 3629 §3, by the book.
std::string utf8(char32_t point) {
  const auto tail = [point](int shift) {
    return static_cast<char>(0x80 | ((point >> shift) & 0x3F));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0 | point >> 6), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xE0 | point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | point >> 18), tail(12), tail(6), tail(0)};
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

std::string replacements(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "\xEF\xBF\xBD";
  return out;
}

TEST(CleanText, KeepsEveryCharacterThatIsNoControl) {
  std::string all;
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (!is_surrogate && !is_control(point)) all += utf8(point);
  }
  EXPECT_TRUE(clean_text(all) == all);
}

TEST(CleanText, DropsEveryControl) {
  for (char32_t point = 0; point <= 0xFF; ++point) {
    const std::string character = utf8(point);
    EXPECT_EQ(clean_text("a" + character + "b"),
              is_control(point) ? "ab" : "a" + character + "b");
  }
}

TEST(CleanText, ReplacesEverySurrogateByteByByte) {
  for (char32_t point = 0xD800; point <= 0xDFFF; ++point) {
    ASSERT_EQ(clean_text(utf8(point)), replacements(3)) << std::hex << std::uint32_t{point};
  }
}

TEST(CleanText, ReplacesEachIllFormedByte) {
  for (const std::string& bytes : {
           "\x80"s,
           "\xBF"s,
           "\xFE"s,
           "\xFF"s,
           "\xC0"s,
           "\xC1"s,
           "\xF5"s,  // never start one
           "\xC0\xAF"s,
           "\xC1\xBF"s,
           "\xE0\x80\xAF"s,
           "\xE0\x9F\xBF"s,  // overlong
           "\xF0\x80\x80\xAF"s,
           "\xF0\x8F\xBF\xBF"s,
           "\xF8\x88\x80\x80\x80"s,  // overlong
           "\xF4\x90\x80\x80"s,
           "\xF7\xBF\xBF\xBF"s,  // past U+10FFFF
           "\xC3"s,
           "\xE2\x82"s,
           "\xE2"s,
           "\xF0\x9F\x98"s,
           "\xF0\x9F"s,
           "\xF0"s  // cut short
       }) {
    EXPECT_EQ(clean_text(bytes), replacements(bytes.size()));
    EXPECT_EQ(clean_text("a" + bytes + "z"), "a" + replacements(bytes.size()) + "z");
  }
}

// The byte that shows a sequence to be broken belongs to what follows.
TEST(CleanText, FindsTheNextCharacterAfterABrokenOne) {
  EXPECT_EQ(clean_text("\xE2\x82\xE2\x82\xAC"), replacements(2) + "\xE2\x82\xAC");
  EXPECT_EQ(clean_text("\xF0\x9F\x98"
                       "a"),
            replacements(3) + "a");
  EXPECT_EQ(clean_text("\xC3\n\xC3\xA4"), replacements(1) + "\xC3\xA4");
}

TEST(CleanText, IsCleanTheSecondTimeWhateverTheBytes) {
  std::mt19937 random(20240229);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() : 0x9F);
    const std::string clean = clean_text(bytes);
    EXPECT_EQ(clean_text(clean), clean);
  }
}

TEST(Utf8Prefix, CutsBetweenCharacters) {
  const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::size_t sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t most = 0; most < 12; ++most) {
    EXPECT_EQ(utf8_prefix(text, most), text.substr(0, sizes[most])) << most;
  }
  EXPECT_EQ(utf8_prefix("", 3), "");
}

TEST(PercentEncode, KeepsUnreservedCharactersOnly) {
  const std::string kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(percent_encode(kept), kept);
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_encode(all).size(), kept.size() + 3 * (256 - kept.size()));
  EXPECT_EQ(percent_encode(" +%/?\xC3\xA4\0"s), "%20%2B%25%2F%3F%C3%A4%00");
}

TEST(PercentEncode, KeepsSlashesWhenAsked) {
  EXPECT_EQ(percent_encode("/a b/c", true), "/a%20b/c");
  EXPECT_EQ(percent_encode("/a b/c", false), "%2Fa%20b%2Fc");
}

TEST(PercentDecode, DecodesEscapesOfEitherCase) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%2f"), "a b/c/");
  EXPECT_EQ(percent_decode("%00%ff%C3%A4"), "\0\xFF\xC3\xA4"s);
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, DecodesOnce) {
  EXPECT_EQ(percent_decode("%2525"), "%25");
}

TEST(PercentDecode, TakesAnEscapeThatIsNoneAsItStands) {
  for (const std::string text :
       {"%", "%4", "a%", "a%4", "%zz", "%4z", "%z4", "%+1", "%-1", "% 1", "%0x", "%%"}) {
    EXPECT_EQ(percent_decode(text), text);
  }
  EXPECT_EQ(percent_decode("%%41"), "%A");
  EXPECT_EQ(percent_decode("%4%41"), "%4A");
}

TEST(FormDecode, TakesAPlusForASpaceUnlessItIsEncoded) {
  EXPECT_EQ(form_decode("a+b%2Bc%20d"), "a b+c d");
  EXPECT_EQ(form_decode("%2B+"), "+ ");
  EXPECT_EQ(form_decode(""), "");
}

TEST(PercentDecode, LeavesAPlusAlone) {
  EXPECT_EQ(percent_decode("a+b"), "a+b");
}

}  // namespace
}  // namespace photodrop
