// The file with the settings, and what they mean.
#include <gtest/gtest.h>

#include "config.h"
#include "fuzz/targets.h"
#include "settings.h"

namespace photodrop::fuzz {
namespace {

// The settings as lines again. Only a name that is empty can have no `export` before it.
std::string env_file_of(const Settings& settings) {
  std::string lines;
  for (const auto& [name, value] : settings) {
    lines += (name.empty() ? "" : "export ") + name + "=\"" + value + "\"\n";
  }
  return lines;
}

// Each is a sentence about a setting by its name.
void expect_faults_are_told(const ConfigError& error) {
  EXPECT_FALSE(error.faults().empty());
  for (const std::string& fault : error.faults()) {
    EXPECT_TRUE(fault.front() >= 'A' && fault.front() <= 'Z') << fault;
    EXPECT_TRUE(fault.ends_with('.')) << fault;
  }
}

// Whatever was accepted can be part of a URL.
void expect_urls(const Config& config) {
  const auto url = s3::presigner_at(config.store, std::chrono::sys_seconds{}).url("key");
  EXPECT_TRUE(url.starts_with("http"));
  for (const char c : url) EXPECT_TRUE(c > ' ' && c <= '~' && c != '"') << url;
}

void run(std::string_view input) {
  const Settings settings = parse_env_file(input);
  EXPECT_EQ(parse_env_file(env_file_of(settings)), settings);
  try {
    expect_urls(parse_config(settings));
  } catch (const ConfigError& error) {
    expect_faults_are_told(error);
  }
}

}  // namespace

Target settings_target() {
  const std::string all =
      "# all of them\nexport AWS_ACCESS_KEY='id'\r\nAWS_SECRET_KEY = \"secret\"\n"
      "AWS_SESSION_TOKEN=token\nAWS_REGION=eu-central-1\nBUCKET_NAME=pictures\n"
      "DATABASE_URL=postgresql+psycopg://u:p%40@[::1]:5432/shop?sslmode=require\n"
      "S3_ENDPOINT_URL=http://10.0.0.7:9000\nS3_PUBLIC_URL=https://photos.example/\n"
      "S3_ADDRESSING=virtual\nPRESIGN_EXPIRES=60\nPRESIGN_WINDOW=0\nMAX_IMAGE_SIZE_BYTES=1000\n"
      "CORS_ORIGINS=https://app.example, http://localhost:5173\n"
      "METRICS_ALLOW=10.0.0.0/8,2001:db8::/32\nAUTH=all\nHSTS=on\nWORKERS=2\n";
  return {"settings", run, {all, "AWS_ACCESS_KEY=id\nAWS_SECRET_KEY=secret\n", "A\n=b\nA=\"c"}};
}

}  // namespace photodrop::fuzz
