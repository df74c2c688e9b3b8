// Bodies that are cut, altered at random, or made to be slow: refused or read, never a crash.
#include <gtest/gtest.h>

#include <random>

#include "http/form_soundness.h"
#include "http/multipart.h"
#include "support/form.h"

namespace photodrop::testing {
namespace {

using namespace std::literals;

constexpr char kClosing[] = "--XY--";

// Changes one to four bytes of `text`: bytes that mean something in a form replace, join or
// leave those that are there.
void mutate(std::string& text, std::mt19937& random) {
  static constexpr auto kBytes = "\r\n-XY:;=\"\\%20 \tA\0\xFF*"sv;
  for (auto changes = 1 + random() % 4; changes > 0 && !text.empty(); --changes) {
    const std::size_t at = random() % text.size();
    const char byte = kBytes[random() % kBytes.size()];
    const std::size_t from = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      case 2:
        text.erase(at, 1 + random() % 3);
        break;
      default:
        text.insert(at, text.substr(from, 12));
    }
  }
}

TEST(MultipartRobustness, RefusesEveryPrefixWithoutTheWholeClosingDelimiter) {
  const Form form = odd_form();
  const std::size_t complete = form.body.rfind(kClosing) + sizeof kClosing - 1;
  for (std::size_t size = 0; size < complete; ++size) {
    EXPECT_NE(refusal_of({form.content_type, form.body.substr(0, size)}), "accepted") << size;
  }
  EXPECT_EQ(refusal_of({form.content_type, form.body.substr(0, complete)}), "accepted");
  EXPECT_EQ(refusal_of(form), "accepted");
}

TEST(MultipartRobustness, RefusesEveryPrefixOfTheContentType) {
  const Form form = odd_form();
  for (std::size_t size = 0; size < form.content_type.size(); ++size) {
    EXPECT_NE(refusal_of({form.content_type.substr(0, size), form.body}), "accepted") << size;
  }
}

TEST(MultipartRobustness, SurvivesRandomChanges) {
  std::mt19937 random(20240229);  // the standard fixes its sequence
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    Form form = odd_form();
    mutate(i % 8 == 0 ? form.content_type : form.body, random);
    if (expect_sound(form) == "accepted") ++accepted;
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_LT(accepted, 19000);
}

TEST(MultipartRobustness, ReadsFiveMegabytesOfNearMisses) {
  const std::string boundary(70, 'b');
  const std::string near_miss = "\r\n--" + boundary.substr(1);
  std::string content;
  while (content.size() < 5'000'000) content += near_miss;
  const Form form{"multipart/form-data; boundary=" + boundary,
                  "--" + boundary +
                      "\r\nContent-Disposition: form-data; name=photo; filename=a\r\n\r\n" +
                      content + "\r\n--" + boundary + "--"};
  EXPECT_EQ(parse_multipart(form.content_type, form.body).at(0).content, content);
}

}  // namespace
}  // namespace photodrop::testing
