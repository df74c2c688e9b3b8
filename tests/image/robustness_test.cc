// Damage of every kind to every sample. outcome_of fails the test on any exception but the one
// that is promised; the sanitizers watch for the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

#include "image/byte_reader.h"
#include "image/crc32.h"
#include "image/outcome.h"
#include "image/rich_samples.h"
#include "support/sample_images.h"

namespace photodrop {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kMaxPixels = 1'000'000;

// The magic numbers are at most this long; a shorter file may look like no image at all.
constexpr std::size_t kMaxMagic = 12;

std::vector<SampleImage> all_samples() {
  std::vector<SampleImage> samples = sample_images();
  for (SampleImage& sample : rich_samples()) samples.push_back(std::move(sample));
  return samples;
}

// What is kept of an image is the same image, and all of that is kept. It is no longer, but for
// an Exif block that had no offset after its only directory.
void expect_same_is_kept(const SampleImage& image, const std::string& outcome) {
  const std::string kept = stripped(image.bytes);
  EXPECT_LE(kept.size(), image.bytes.size() + 4) << image.name;
  EXPECT_EQ(outcome_of(kept), outcome) << image.name;
  EXPECT_EQ(stripped(kept), kept) << image.name;
}

void expect_sound(const SampleImage& image) {
  const std::string outcome = outcome_of(image.bytes, {.max_pixels = kMaxPixels});
  if (is_accepted(outcome)) return expect_same_is_kept(image, outcome);
  EXPECT_TRUE(outcome == "not an image" ||
              (outcome.rfind("The ", 0) == 0 && outcome.back() == '.'))
      << image.name << ": " << outcome;
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

// A PNG that was damaged would be refused for its first checksum, and the rest not looked at.
void mend_checksums(std::string& png) {
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::string_view chunk = std::string_view(png).substr(at);
    const std::uint64_t size = ByteReader(chunk, "").u32_be();
    if (size > chunk.size() - 12) return;
    png.replace(at + 8 + size, 4, big_endian(crc32(chunk.substr(4, 4 + size)), 4));
    at += 12 + size;
  }
}

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
  for (SampleImage sample : tiny_samples())
    for (char& byte : sample.bytes) {
      const char original = byte;
      for (int value = 0; value < 256; ++value) {
        byte = static_cast<char>(value);
        expect_sound(sample);
      }
      byte = original;
    }
}

TEST(Robustness, SurvivesTurningAnyByteOver) {
  for (SampleImage sample : all_samples())
    for (char& byte : sample.bytes) {
      for (const int mask : {0x01, 0x80, 0xFF}) {
        byte = static_cast<char>(byte ^ mask);
        expect_sound(sample);
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

TEST(Robustness, SurvivesAHundredThousandMutations) {
  const std::vector<SampleImage> samples = all_samples();
  Damage damage(20240229);
  for (std::size_t round = 0; round < 100'000; ++round) {
    SampleImage sample = samples[round % samples.size()];
    sample.bytes = damage.apply(sample.bytes);
    if (sample.format == ImageFormat::png) mend_checksums(sample.bytes);
    expect_sound(sample);
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
