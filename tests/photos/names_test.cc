#include "photos/names.h"

#include <gtest/gtest.h>

#include <random>

namespace photodrop {
namespace {

using namespace std::literals;

constexpr char kEmoji[] = "\xF0\x9F\x98\x80";
constexpr char kReplacement[] = "\xEF\xBF\xBD";

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// The key's part after the UUID.
std::string key_of(const std::string& filename) {
  const std::string key = photo_key("U", filename);
  EXPECT_EQ(key.substr(0, 2), "U_");
  return key.substr(2);
}

TEST(CleanFilename, KeepsOrdinaryNames) {
  for (const std::string& name :
       {"a.jpg"s, "IMG_0001.JPG"s, ".hidden"s, "my \"best\" one.png"s,
        "\xC3\xBCn\xC3\xAF "s + kEmoji + ".tar.gz", "no extension"s}) {
    EXPECT_EQ(clean_filename(name), name);
  }
}

TEST(CleanFilename, TakesTheLastComponentOfAPath) {
  EXPECT_EQ(clean_filename("/etc/passwd"), "passwd");
  EXPECT_EQ(clean_filename("../../a.jpg"), "a.jpg");
  EXPECT_EQ(clean_filename("C:\\fakepath\\a.jpg"), "a.jpg");
  EXPECT_EQ(clean_filename("a\\b/c\\d.jpg"), "d.jpg");
  EXPECT_EQ(clean_filename("C:\\\\a\\\\b.jpg"), "b.jpg");
}

TEST(CleanFilename, MayLeaveNothing) {
  for (const std::string& name : {""s, "."s, ".."s, "../"s, "a/"s, "a\\"s, " . .. "s, "\0"s}) {
    EXPECT_EQ(clean_filename(name), "") << name;
  }
}

TEST(CleanFilename, DropsControlsAndTheSpaceAround) {
  EXPECT_EQ(clean_filename("  a\0b\r\n\x7F\xC2\x85.jpg \t"s), "ab.jpg");
  EXPECT_EQ(clean_filename("a.jpg. ."), "a.jpg");
  EXPECT_EQ(clean_filename("x/\n..\0"s), "");
}

TEST(CleanFilename, ReplacesIllFormedUtf8) {
  EXPECT_EQ(clean_filename("a\xFF.jpg"), "a"s + kReplacement + ".jpg");
  EXPECT_EQ(clean_filename("a\xF0\x9F\x98"), "a" + repeated(kReplacement, 3));
}

TEST(CleanFilename, CutsTo255BytesBeforeTheExtension) {
  EXPECT_EQ(clean_filename(std::string(251, 'a') + ".jpg"), std::string(251, 'a') + ".jpg");
  EXPECT_EQ(clean_filename(std::string(4096, 'a') + ".jpg"), std::string(251, 'a') + ".jpg");
  EXPECT_EQ(clean_filename(std::string(256, 'a')), std::string(255, 'a'));
}

TEST(CleanFilename, CutsBetweenCharacters) {
  EXPECT_EQ(clean_filename(repeated(kEmoji, 1000) + ".jpg"), repeated(kEmoji, 62) + ".jpg");
  EXPECT_EQ(clean_filename("a" + repeated(kEmoji, 63) + ".jpg"),
            "a" + repeated(kEmoji, 62) + ".jpg");
}

TEST(CleanFilename, ACutLeavesNoDotOrSpaceAtTheEnd) {
  EXPECT_EQ(clean_filename(std::string(253, 'a') + ". " + std::string(20, 'b')),
            std::string(253, 'a'));
  EXPECT_EQ(clean_filename(std::string(300, ' ') + "a"), "a");
}

TEST(CleanFilename, AnExtensionHas16BytesAtMost) {
  const std::string stem(300, 'a');
  const std::string longest = "." + std::string(16, 'e');
  EXPECT_EQ(clean_filename(stem + longest), std::string(238, 'a') + longest);
  EXPECT_EQ(clean_filename(stem + longest + "e"), std::string(255, 'a'));
}

TEST(PhotoKey, IsTheUuidAndTheName) {
  EXPECT_EQ(photo_key("0b5e6c1e-5d0c-4f39-8a53-3f0a6a1b2c3d", "IMG_0001.JPG"),
            "0b5e6c1e-5d0c-4f39-8a53-3f0a6a1b2c3d_IMG_0001.JPG");
}

TEST(PhotoKey, MakesEachRunOfOtherBytesOneUnderscore) {
  EXPECT_EQ(key_of("my  \"best\" one.jpg"), "my_best_one.jpg");
  EXPECT_EQ(key_of("a;b\xC3\xBC" + std::string(kEmoji) + "c.jpg"), "a_b_c.jpg");
  EXPECT_EQ(key_of("a\xFF\xFE.jpg"), "a_.jpg");
  EXPECT_EQ(key_of("a-b_c.d~.tar.gz"), "a-b_c.d_.tar.gz");
  EXPECT_EQ(key_of("a?b=c&d#e%2F..jpg"), "a_b_c_d_e_2F..jpg");
  EXPECT_EQ(key_of("_DSC__1 .jpg"), "_DSC__1_.jpg");
}

TEST(PhotoKey, NeverStartsWithADot) {
  EXPECT_EQ(key_of("..a.jpg"), "a.jpg");
  EXPECT_EQ(key_of(".longer_than_an_extension"), "longer_than_an_extension");
}

TEST(PhotoKey, FallsBackToPhoto) {
  for (const std::string& name : {""s, ".."s, "../"s, "\0"s, "-"s, "__"s, " "s}) {
    EXPECT_EQ(key_of(name), "photo") << name;
  }
  EXPECT_EQ(key_of(kEmoji), "photo");
  EXPECT_EQ(key_of(kEmoji + ".jpg"s), "photo.jpg");
  EXPECT_EQ(key_of("..jpg"), "photo.jpg");
  EXPECT_EQ(key_of(".jpg"), "photo.jpg");
}

TEST(PhotoKey, CutsTheNameTo100BytesBeforeTheExtension) {
  EXPECT_EQ(key_of(std::string(96, 'a') + ".jpg"), std::string(96, 'a') + ".jpg");
  EXPECT_EQ(key_of(std::string(4096, 'a') + ".jpeg"), std::string(95, 'a') + ".jpeg");
  EXPECT_EQ(key_of(std::string(101, 'a')), std::string(100, 'a'));
  EXPECT_EQ(key_of("a." + std::string(200, 'b')), "a." + std::string(98, 'b'));
}

TEST(ThumbnailKey, LiesBesideThePhotosAndLeadsBackToIt) {
  for (const int box : kThumbnailBoxes) {
    EXPECT_EQ(thumbnail_key("uuid_cat.jpg", box),
              "uuid_cat.jpg." + std::to_string(box) + ".webp");
    EXPECT_EQ(photo_key_of_thumbnail(thumbnail_key("uuid_cat.jpg", box)), "uuid_cat.jpg");
  }
  for (const char* const key :
       {"uuid_cat.webp", "uuid_cat.641.webp", "uuid_cat.640.jpg", "640.webp", ""}) {
    EXPECT_EQ(photo_key_of_thumbnail(key), std::nullopt) << key;
  }
}

TEST(Names, KeepTheirPromisesForAnyBytes) {
  std::mt19937 random(20240229);
  static constexpr auto kBytes = "a.B/\\ _-\0\n\xC3\xBC\xF0\x9F\x98\x80"sv;
  for (int i = 0; i < 20000; ++i) {
    std::string name(random() % 400, 'x');
    for (char& c : name) c = kBytes[random() % kBytes.size()];
    const std::string clean = clean_filename(name);
    EXPECT_LE(clean.size(), 255U);
    EXPECT_EQ(clean_filename(clean), clean);
    EXPECT_EQ(clean.find_first_of("/\\\n\0"s), std::string::npos);
    const std::string key = key_of(name);
    EXPECT_EQ(key.find_first_not_of("aB._-photx"), std::string::npos) << key;
    EXPECT_TRUE(!key.empty() && key.size() <= 100 && key.front() != '.') << key;
  }
}

}  // namespace
}  // namespace photodrop
