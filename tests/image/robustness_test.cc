// Damage of every kind to every sample. outcome_of fails the test on any exception but the one
// that is promised; the sanitizers watch for the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

#include "image/outcome.h"
#include "image/rich_samples.h"
#include "image/soundness.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

// The magic numbers are at most this long; a shorter file may look like no image at all.
constexpr std::size_t kMaxMagic = 12;

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
  for (const SampleImage& sample : all_samples())
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
  for (SampleImage sample : tiny_samples()) {
    SCOPED_TRACE(sample.name);
    for (char& byte : sample.bytes) {
      const char original = byte;
      for (int value = 0; value < 256; ++value) {
        byte = static_cast<char>(value);
        expect_sound(sample.bytes);
      }
      byte = original;
    }
  }
}

TEST(Robustness, SurvivesTurningAnyByteOver) {
  for (SampleImage sample : all_samples()) {
    SCOPED_TRACE(sample.name);
    for (char& byte : sample.bytes) {
      for (const int mask : {0x01, 0x80, 0xFF}) {
        byte = static_cast<char>(byte ^ mask);
        expect_sound(sample.bytes);
        byte = static_cast<char>(byte ^ mask);
      }
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

TEST(Robustness, SurvivesAHundredThousandMutations) {
  const std::vector<SampleImage> samples = all_samples();
  Damage damage(20240229);
  for (std::size_t round = 0; round < 100'000; ++round) {
    const SampleImage& sample = samples[round % samples.size()];
    SCOPED_TRACE(sample.name);
    const std::string damaged = damage.apply(sample.bytes);
    expect_sound(sample.format == ImageFormat::png ? with_mended_checksums(damaged) : damaged);
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
  const std::string segments =
      repeat(jpeg_segment(0xFE, "") + jpeg_segment(0xDB, ""), count / 10);
  EXPECT_EQ(stripped(frame + segments + jpeg_scan() + kJpegEnd).size(),
            (frame + segments + jpeg_scan() + kJpegEnd).size() - 4 * (count / 10));
  const std::string exif = jpeg_segment(0xE1, "Exif\0\0MM\0*\0\0\0\x08\xFF\xFF"s);
  EXPECT_EQ(outcome_of(frame + repeat(exif, count / 20) + jpeg_scan() + kJpegEnd),
            "image/jpeg 16x8");
  EXPECT_EQ(
      outcome_of(gif_screen() + gif_frame() + repeat("!\x01\x01x\0"s, count / 5) + kGifTrailer),
      "image/gif 16x8");
}

}  // namespace
}  // namespace photodrop
