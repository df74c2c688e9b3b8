// Damage of every kind to every sample. outcome_of fails the test on any exception but the one
// that is promised; the sanitizers watch for the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

#include "image/outcome.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kMaxPixels = 1'000'000;

// The magic numbers are at most this long; a shorter file may look like no image at all.
constexpr std::size_t kMaxMagic = 12;

void expect_sound(const std::string& bytes, const std::string& name) {
  const std::string outcome = outcome_of(bytes, {.max_pixels = kMaxPixels});
  EXPECT_TRUE(is_accepted(outcome) || outcome == "not an image" ||
              (outcome.rfind("The ", 0) == 0 && outcome.back() == '.'))
      << name << ": " << outcome;
}

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  // From one to four changes.
  std::string apply(std::string bytes) {
    for (std::size_t count = below(4) + 1; count > 0 && !bytes.empty(); --count) change(bytes);
    return bytes;
  }

 private:
  void change(std::string& bytes) {
    const std::size_t at = below(bytes.size());
    const std::size_t length = below(std::min<std::size_t>(bytes.size() - at, 32) + 1);
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, bytes.substr(below(bytes.size()), length));
        break;
      case 4:
        bytes.replace(at, length, length, '\xFF');
        break;
      default:
        bytes.replace(at, length, length, '\0');
        break;
    }
  }

  // Not std::uniform_int_distribution, whose numbers differ from library to library.
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::mt19937 random_;
};

TEST(Robustness, RefusesEveryTruncation) {
  for (const SampleImage& sample : sample_images())
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
      const std::string outcome = outcome_of(sample.bytes.substr(0, size));
      EXPECT_FALSE(is_accepted(outcome)) << sample.name << " cut to " << size;
      if (size >= kMaxMagic) {
        EXPECT_NE(outcome.find(" is truncated: "), std::string::npos)
            << sample.name << " cut to " << size << ": " << outcome;
      }
    }
}

TEST(Robustness, SurvivesEveryChangeOfOneByteInTheTinySamples) {
  for (std::string bytes : {tiny_jpeg(), tiny_png(), tiny_gif(), tiny_webp()})
    for (char& byte : bytes) {
      const char original = byte;
      for (int value = 0; value < 256; ++value) {
        byte = static_cast<char>(value);
        expect_sound(bytes, "a tiny sample");
      }
      byte = original;
    }
}

TEST(Robustness, SurvivesTurningAnyByteOver) {
  for (SampleImage sample : sample_images())
    for (char& byte : sample.bytes) {
      for (const int mask : {0x01, 0x80, 0xFF}) {
        byte = static_cast<char>(byte ^ mask);
        expect_sound(sample.bytes, sample.name);
        byte = static_cast<char>(byte ^ mask);
      }
    }
}

TEST(Robustness, NoticesEveryChangeOfOneByteInAPng) {
  std::string bytes = tiny_png();
  for (char& byte : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      byte = static_cast<char>(byte ^ (1 << bit));
      EXPECT_FALSE(is_accepted(outcome_of(bytes))) << "at " << &byte - bytes.data();
      byte = static_cast<char>(byte ^ (1 << bit));
    }
}

TEST(Robustness, SurvivesTwentyThousandMutations) {
  const std::vector<SampleImage> samples = sample_images();
  Damage damage(20240229);
  for (std::size_t round = 0; round < 20'000; ++round) {
    const SampleImage& sample = samples[round % samples.size()];
    expect_sound(damage.apply(sample.bytes), sample.name);
  }
}

// Each of these files makes a walk that starts over, or looks ahead, quadratic: minutes, where
// one pass takes milliseconds.
TEST(Robustness, TakesLinearTimeOverManySmallParts) {
  const std::size_t count = 1'000'000;
  const auto repeat = [](const std::string& part, std::size_t times) {
    std::string out;
    while (times-- > 0) out += part;
    return out;
  };
  const std::string frame = kJpegStart + jpeg_frame({});
  EXPECT_EQ(outcome_of(frame + repeat(jpeg_scan(), count / 10) + kJpegEnd), "image/jpeg 16x8");
  EXPECT_EQ(outcome_of(frame + jpeg_scan() + repeat("\xFF\xD0", count) + kJpegEnd),
            "image/jpeg 16x8");
  EXPECT_EQ(outcome_of(frame + jpeg_scan() + std::string(count, '\xFF')),
            "The JPEG is truncated: it ends before its EOI marker.");
  EXPECT_EQ(
      outcome_of(gif_screen() + gif_frame() + repeat("!\x01\x01x\0"s, count / 5) + kGifTrailer),
      "image/gif 16x8");
}

}  // namespace
}  // namespace photodrop
