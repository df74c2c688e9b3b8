#include "config.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace photodrop {
namespace {

using Faults = std::vector<std::string>;

// All that has no default.
const Settings kLeast = {{"AWS_ACCESS_KEY", "AKIAEXAMPLE"}, {"AWS_SECRET_KEY", "hush-hush"}};

Settings with(const Settings& more) {
  Settings settings = more;
  settings.insert(kLeast.begin(), kLeast.end());
  return settings;
}

Faults faults_of(const Settings& settings) {
  try {
    parse_config(settings);
    return {};
  } catch (const ConfigError& error) {
    return error.faults();
  }
}

// The one sentence about `name`, without the name.
std::string fault_of(const std::string& name, const std::string& value) {
  const Faults faults = faults_of(with({{name, value}}));
  if (faults.empty()) return "accepted";
  EXPECT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].substr(0, name.size() + 1), name + " ");
  return faults[0].substr(name.size() + 1);
}

TEST(Config, HasTheDefaultsOfTheLesson) {
  const Config config = parse_config(kLeast);
  EXPECT_EQ(
      config.database_url.rfind("postgresql://postgres:postgres@localhost:5432/photos", 0), 0U);
  EXPECT_EQ(config.store.bucket.endpoint.scheme, "http");
  EXPECT_EQ(config.store.bucket.endpoint.host, "localhost:9000");
  EXPECT_EQ(config.store.public_bucket.endpoint.host, "localhost:9000");
  EXPECT_EQ(config.store.bucket.name, "photos");
  EXPECT_EQ(config.store.public_bucket.name, "photos");
  EXPECT_EQ(config.store.presign_expires, std::chrono::hours(7 * 24));
  EXPECT_EQ(config.store.presign_window, std::chrono::hours(1));
  EXPECT_EQ(config.uploads.max_bytes, 5 * 1024 * 1024);
}

TEST(Config, HasDefaultsOfItsOwn) {
  const Config config = parse_config(kLeast);
  EXPECT_EQ(config.store.sender.region, "us-east-1");
  EXPECT_EQ(config.store.bucket.addressing, s3::Addressing::path);
  EXPECT_EQ(config.store.sender.credentials.session_token, "");
  EXPECT_EQ(config.uploads.image.max_pixels, 50'000'000);
  EXPECT_TRUE(config.uploads.strip_metadata);
  EXPECT_EQ(config.uploads.image.max_frames, 1000);
  EXPECT_EQ(config.uploads.image.max_animation_pixels, 500'000'000);
  EXPECT_EQ(config.list_max, 1000);
  EXPECT_EQ(config.auth, Auth::off);
  EXPECT_EQ(config.server_name, "localhost");
}

TEST(Config, TakesEverySetting) {
  const Config config = parse_config({{"DATABASE_URL", "postgresql+psycopg://u:p@db/shop"},
                                      {"S3_ENDPOINT_URL", "http://10.0.0.7:9000"},
                                      {"S3_PUBLIC_URL", "https://photos.example/"},
                                      {"S3_ADDRESSING", "virtual"},
                                      {"BUCKET_NAME", "pictures"},
                                      {"AWS_ACCESS_KEY", "id"},
                                      {"AWS_SECRET_KEY", "secret"},
                                      {"AWS_SESSION_TOKEN", "token"},
                                      {"AWS_REGION", "eu-central-1"},
                                      {"PRESIGN_EXPIRES", "60"},
                                      {"PRESIGN_WINDOW", "0"},
                                      {"CORS_ORIGINS", "https://a.example, http://b:81"},
                                      {"MAX_IMAGE_SIZE_BYTES", "1000"},
                                      {"MAX_IMAGE_PIXELS", "2000"},
                                      {"STRIP_METADATA", "off"},
                                      {"MAX_IMAGE_FRAMES", "30"},
                                      {"MAX_ANIMATION_PIXELS", "4000"},
                                      {"LIST_MAX", "3"},
                                      {"AUTH", "all"},
                                      {"SERVER_NAME", "photos.example"}});
  EXPECT_EQ(config.database_url.rfind("postgresql://u:p@db/shop?", 0), 0U);
  EXPECT_EQ(config.store.bucket.endpoint.host, "10.0.0.7:9000");
  EXPECT_EQ(config.store.public_bucket.endpoint.scheme, "https");
  EXPECT_EQ(config.store.public_bucket.endpoint.host, "photos.example");
  EXPECT_EQ(config.store.bucket.addressing, s3::Addressing::virtual_host);
  EXPECT_EQ(config.store.public_bucket.addressing, s3::Addressing::virtual_host);
  EXPECT_EQ(config.store.bucket.name, "pictures");
  EXPECT_EQ(config.store.sender.credentials.access_key, "id");
  EXPECT_EQ(config.store.sender.credentials.secret_key, "secret");
  EXPECT_EQ(config.store.sender.credentials.session_token, "token");
  EXPECT_EQ(config.store.sender.region, "eu-central-1");
  EXPECT_EQ(config.store.presign_expires, std::chrono::seconds(60));
  EXPECT_EQ(config.store.presign_window, std::chrono::seconds(0));
  EXPECT_EQ(config.uploads.max_bytes, 1000);
  EXPECT_EQ(config.uploads.image.max_pixels, 2000);
  EXPECT_FALSE(config.uploads.strip_metadata);
  EXPECT_EQ(config.uploads.image.max_frames, 30);
  EXPECT_EQ(config.uploads.image.max_animation_pixels, 4000);
  EXPECT_EQ(config.list_max, 3);
  EXPECT_EQ(config.auth, Auth::all);
  EXPECT_EQ(config.server_name, "photos.example");
}

TEST(Config, SignsPublicUrlsForTheEndpointUnlessToldOtherwise) {
  const Config config = parse_config(with({{"S3_ENDPOINT_URL", "https://s3.example"}}));
  EXPECT_EQ(config.store.public_bucket.endpoint.scheme, "https");
  EXPECT_EQ(config.store.public_bucket.endpoint.host, "s3.example");
}

TEST(Config, TakesTheNamesOfAwsToo) {
  const Config config =
      parse_config({{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "secret"}});
  EXPECT_EQ(config.store.sender.credentials.access_key, "id");
  EXPECT_EQ(config.store.sender.credentials.secret_key, "secret");
}

TEST(Config, PrefersTheNamesOfTheLesson) {
  const Config config =
      parse_config(with({{"AWS_ACCESS_KEY_ID", "other"}, {"AWS_SECRET_ACCESS_KEY", "other"}}));
  EXPECT_EQ(config.store.sender.credentials.access_key, "AKIAEXAMPLE");
  EXPECT_EQ(config.store.sender.credentials.secret_key, "hush-hush");
}

TEST(Config, AddressesAwsByVirtualHostAndOthersByPath) {
  const std::string aws = "https://s3.eu-central-1.amazonaws.com";
  EXPECT_EQ(parse_config(with({{"S3_ENDPOINT_URL", aws}})).store.bucket.addressing,
            s3::Addressing::virtual_host);
  EXPECT_EQ(parse_config(with({{"S3_ENDPOINT_URL", aws}, {"S3_ADDRESSING", "path"}}))
                .store.bucket.addressing,
            s3::Addressing::path);
}

TEST(Config, IsOpenToThePublicWithoutTokensUnderAPublicName) {
  const auto is_open = [](const std::string& auth, const std::string& name) {
    return is_open_to_the_public(parse_config(with({{"AUTH", auth}, {"SERVER_NAME", name}})));
  };
  EXPECT_TRUE(is_open("off", "photos.example"));
  EXPECT_TRUE(is_open("off", "localhost.example"));
  EXPECT_FALSE(is_open("write", "photos.example"));
  EXPECT_FALSE(is_open("all", "photos.example"));
  for (const char* const name : {"localhost", "127.0.0.1", "::1"}) {
    EXPECT_FALSE(is_open("off", name)) << name;
  }
  EXPECT_FALSE(is_open_to_the_public(parse_config(kLeast)));
}

TEST(ConfigFaults, NameWhatIsMissing) {
  EXPECT_EQ(faults_of({}),
            (Faults{"AWS_ACCESS_KEY is missing.", "AWS_SECRET_KEY is missing."}));
}

TEST(ConfigFaults, AreAllListedAtOnce) {
  const Faults faults = faults_of({{"DATABASE_URL", "mysql://u@h/d"},
                                   {"WORKERS", "none"},
                                   {"AWS_SECRET_KEY", "hush-hush"}});
  EXPECT_EQ(faults, (Faults{"DATABASE_URL is not a PostgreSQL URL: "
                            "postgresql://user:password@host:port/database.",
                            "AWS_ACCESS_KEY is missing.",
                            "WORKERS must be a whole number from 1 to 1024."}));
}

TEST(ConfigFaults, TellWhatAnUrlMustBe) {
  for (const char* const url : {"", "localhost", "mysql://u:p@h/d", "postgresql:/h/d",
                                "postgresql://u:p@h:port/d", "postgresql://u:p w@h/d"}) {
    EXPECT_EQ(fault_of("DATABASE_URL", url),
              "is not a PostgreSQL URL: postgresql://user:password@host:port/database.")
        << url;
  }
  for (const std::string name : {"S3_ENDPOINT_URL", "S3_PUBLIC_URL"}) {
    for (const char* const url :
         {"s3.example", "ftp://s3.example", "http://", "https://s3.example/path",
          "https://user@s3.example", "https://s3.example:0", "https://s3.example:65536",
          "https://s3.example?a", "https://s3 .example"}) {
      EXPECT_EQ(fault_of(name, url), "is not a URL of the form http(s)://host[:port].") << url;
    }
  }
}

TEST(ConfigFaults, TellWhatANumberMustBe) {
  const struct {
    std::string name;
    std::string least;
    std::string most;
    std::string beyond;
  } numbers[] = {{"PRESIGN_EXPIRES", "1", "604800", "604801"},
                 {"MAX_IMAGE_SIZE_BYTES", "1", "1073741824", "1073741825"},
                 {"MAX_IMAGE_PIXELS", "1", "1099511627776", "1099511627777"},
                 {"MAX_IMAGE_FRAMES", "1", "1000000", "1000001"},
                 {"MAX_ANIMATION_PIXELS", "1", "1099511627776", "1099511627777"},
                 {"LIST_MAX", "1", "100000", "100001"},
                 {"WORKERS", "1", "1024", "1025"},
                 {"UPLOAD_WORKERS", "1", "1024", "1025"},
                 {"THUMBNAIL_WORKERS", "1", "1024", "1025"},
                 {"MAX_UPLOADS", "1", "65535", "65536"},
                 {"UPLOADS_PER_ADDRESS", "0", "65535", "65536"},
                 {"UPLOADS_PER_MINUTE", "0", "65535", "65536"},
                 {"UPLOADS_PER_MINUTE_PER_TOKEN", "0", "65535", "65536"},
                 {"CONNECTIONS_PER_ADDRESS", "0", "65535", "65536"},
                 {"MAX_CONNECTIONS", "0", "65535", "65536"}};
  for (const auto& number : numbers) {
    EXPECT_EQ(fault_of(number.name, number.least), "accepted") << number.name;
    EXPECT_EQ(fault_of(number.name, number.most), "accepted") << number.name;
    for (const std::string& bad :
         {number.beyond, std::to_string(std::stoi(number.least) - 1), std::string("-2"),
          std::string("many"), std::string("1.5"), std::string("1 ")}) {
      EXPECT_EQ(fault_of(number.name, bad),
                "must be a whole number from " + number.least + " to " + number.most + ".")
          << bad;
    }
  }
}

TEST(ConfigFaults, TellWhatAnOriginMustBe) {
  for (const char* const origins :
       {"*", "app.example", "https://app.example/", "https://app.example/page", "null",
        "https://a.example;https://b.example", "https://App.example", "https://app.example:443",
        "https://a.example,nonsense"}) {
    EXPECT_EQ(fault_of("CORS_ORIGINS", origins),
              "must be origins like https://app.example or http://localhost:5173, separated by "
              "commas.")
        << origins;
  }
}

TEST(Config, PassesOverACommaTooMany) {
  EXPECT_EQ(faults_of(with({{"CORS_ORIGINS", "https://a.b, ,https://c.d,"}})), Faults());
}

TEST(ConfigFaults, NetworksAreAddressesOrPrefixes) {
  for (const std::string name : {"METRICS_ALLOW", "TRUSTED_PROXIES"}) {
    for (const char* const networks :
         {"10.0.0.0/33", "localhost", "10.0.0.1 10.0.0.2", "::1,all"}) {
      EXPECT_EQ(fault_of(name, networks),
                "must be addresses or networks like 10.0.0.0/8 or 2001:db8::/32, "
                "separated by commas.");
    }
    EXPECT_EQ(faults_of(with({{name, "10.0.0.0/8, ,2001:db8::/32,"}})), Faults());
  }
}

TEST(ConfigFaults, TheProxyProtocolNeedsSomebodyToTrust) {
  EXPECT_EQ(fault_of("PROXY_PROTOCOL", "on"),
            "needs TRUSTED_PROXIES: the networks that it is believed from.");
  EXPECT_EQ(faults_of(with({{"PROXY_PROTOCOL", "on"}, {"TRUSTED_PROXIES", "10.0.0.1"}})),
            Faults());
}

TEST(ConfigFaults, KeepLineEndsOutOfHeaders) {
  for (const char* const name : {"AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN"}) {
    Settings settings = kLeast;
    settings[name] = "key\r\nx-amz-acl: public-read";
    EXPECT_EQ(faults_of(settings),
              Faults{std::string(name) + " holds a line end or another control character."});
  }
}

TEST(ConfigFaults, TellWhatTheOthersMustBe) {
  EXPECT_EQ(fault_of("HSTS", "maybe"), "must be on or off.");
  EXPECT_EQ(fault_of("IMAGE_CACHE", "all"), "must be private or public.");
  EXPECT_EQ(fault_of("IMAGE_CACHE_MIB", "0"), "must be a whole number from 1 to 1048576.");
  EXPECT_EQ(fault_of("LIST_CACHE_MIB", "1G"), "must be a whole number from 1 to 1048576.");
  EXPECT_EQ(fault_of("AUTH", "write"), "accepted");
  EXPECT_EQ(fault_of("AUTH", "on"), "must be off, write or all.");
  EXPECT_EQ(fault_of("STRIP_METADATA", "yes"), "must be on or off.");
  EXPECT_EQ(fault_of("STRIP_METADATA", "on"), "accepted");
  EXPECT_EQ(fault_of("S3_ADDRESSING", "dns"), "must be auto, path or virtual.");
  for (const std::string& name : {std::string("ab"), std::string("a/b"),
                                  std::string("my photos"), std::string(256, 'a')}) {
    EXPECT_EQ(fault_of("BUCKET_NAME", name),
              "must have 3 to 255 letters, digits, dots, dashes or '_'.");
  }
  EXPECT_EQ(fault_of("AWS_REGION", "us east 1"),
            "must have letters, digits and dashes only, like us-east-1.");
}

TEST(ConfigFaults, NeverRepeatAValue) {
  Settings settings;
  for (const char* const name :
       {"DATABASE_URL", "S3_ENDPOINT_URL", "S3_PUBLIC_URL", "S3_ADDRESSING", "BUCKET_NAME",
        "AWS_REGION", "PRESIGN_EXPIRES", "CORS_ORIGINS", "METRICS_ALLOW",
        "MAX_IMAGE_SIZE_BYTES", "MAX_IMAGE_PIXELS", "MAX_IMAGE_FRAMES", "MAX_ANIMATION_PIXELS",
        "LIST_MAX", "WORKERS", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN"}) {
    settings[name] = "http://user:hush hush@host";
  }
  const Faults faults = faults_of(settings);
  EXPECT_EQ(faults.size(), 16U);  // all but the last two, and AWS_ACCESS_KEY
  EXPECT_TRUE(std::none_of(faults.begin(), faults.end(), [](const std::string& fault) {
    return fault.find("hush") != std::string::npos;
  }));
}

}  // namespace
}  // namespace photodrop
