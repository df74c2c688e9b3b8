#include "config.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/network.h"
#include "base/text.h"
#include "base/time.h"
#include "db/connection_url.h"

namespace photodrop {
namespace {

struct Range {
  std::int64_t least;
  std::int64_t most;
};

// Reads settings one by one and remembers what was wrong with them.
class Reader {
 public:
  explicit Reader(const Settings& settings) : settings_(settings) {}

  std::string text(std::string_view name, std::string_view fallback) const {
    const auto found = settings_.find(name);
    return std::string(found == settings_.end() ? fallback : std::string_view(found->second));
  }

  // The first of the names that is set; a fault when none is.
  std::string required(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      std::string value = text(name, "");
      if (!value.empty()) return value;
    }
    fault(*names.begin(), "is missing");
    return {};
  }

  std::int64_t number(std::string_view name, std::int64_t fallback, Range range) {
    const auto value = parse_integer(text(name, std::to_string(fallback)));
    if (value && *value >= range.least && *value <= range.most) return *value;
    fault(name, "must be a whole number from " + std::to_string(range.least) + " to " +
                    std::to_string(range.most));
    return fallback;
  }

  bool on_or_off(std::string_view name, bool fallback) {
    const std::string value = text(name, fallback ? "on" : "off");
    if (value != "on" && value != "off") fault(name, "must be on or off");
    return value == "on";
  }

  void fault(std::string_view name, std::string_view what) {
    faults_.push_back(std::string(name) + " " + std::string(what) + ".");
  }

  std::vector<std::string> faults() { return std::move(faults_); }

 private:
  const Settings& settings_;
  std::vector<std::string> faults_;
};

std::string read_database_url(Reader& reader) {
  const auto url = connection_url(reader.text(
      "DATABASE_URL", "postgresql+psycopg://postgres:postgres@localhost:5432/photos"));
  if (!url) {
    reader.fault("DATABASE_URL",
                 "is not a PostgreSQL URL: postgresql://user:password@host:port/database");
  }
  return url.value_or("");
}

s3::Endpoint read_endpoint(Reader& reader, std::string_view name, const std::string& fallback) {
  const auto endpoint = s3::parse_endpoint(reader.text(name, fallback));
  if (!endpoint) reader.fault(name, "is not a URL of the form http(s)://host[:port]");
  return endpoint.value_or(s3::Endpoint{});
}

s3::Addressing read_addressing(Reader& reader, const s3::Endpoint& endpoint) {
  const std::string style = reader.text("S3_ADDRESSING", "auto");
  if (style == "path") return s3::Addressing::path;
  if (style == "virtual") return s3::Addressing::virtual_host;
  if (style != "auto") reader.fault("S3_ADDRESSING", "must be auto, path or virtual");
  return s3::default_addressing(endpoint);
}

bool is_region_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

// "Bucket naming rules", Amazon S3 User Guide, and the upper case and '_' of older buckets.
bool is_bucket_character(char c) {
  return is_region_character(c) || c == '.' || c == '_';
}

bool is_bucket_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 &&
         std::all_of(name.begin(), name.end(), is_bucket_character);
}

std::string read_bucket(Reader& reader) {
  std::string name = reader.text("BUCKET_NAME", "photos");
  if (!is_bucket_name(name)) {
    reader.fault("BUCKET_NAME", "must have 3 to 255 letters, digits, dots, dashes or '_'");
  }
  return name;
}

// Part of every signature: a letter that does not belong there would fail each request.
std::string read_region(Reader& reader) {
  std::string region = reader.text("AWS_REGION", "us-east-1");
  if (!std::all_of(region.begin(), region.end(), is_region_character)) {
    reader.fault("AWS_REGION", "must have letters, digits and dashes only, like us-east-1");
  }
  return region;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

std::optional<std::chrono::sys_seconds> read_expiration(Reader& reader) {
  const std::string text = reader.text("AWS_CREDENTIAL_EXPIRATION", "");
  if (text.empty()) return std::nullopt;
  const auto time = parse_rfc3339(text);
  if (!time) {
    reader.fault("AWS_CREDENTIAL_EXPIRATION", "must be a time like 2026-01-31T12:00:00Z");
  }
  return time;
}

// They go into headers, where a line end would begin another one.
s3::Credentials read_credentials(Reader& reader) {
  for (const std::string_view name : {"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_KEY",
                                      "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    if (has_control(reader.text(name, "")))
      reader.fault(name, "holds a line end or another control character");
  }
  return {.access_key = reader.required({"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID"}),
          .secret_key = reader.required({"AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"}),
          .session_token = reader.text("AWS_SESSION_TOKEN", ""),
          .expires_at = read_expiration(reader)};
}

s3::StoreOptions read_store(Reader& reader) {
  const std::string endpoint_url = reader.text("S3_ENDPOINT_URL", "http://localhost:9000");
  const s3::Endpoint endpoint = read_endpoint(reader, "S3_ENDPOINT_URL", endpoint_url);
  const s3::Endpoint shown = reader.text("S3_PUBLIC_URL", "").empty()
                                 ? endpoint
                                 : read_endpoint(reader, "S3_PUBLIC_URL", "");
  const s3::Addressing addressing = read_addressing(reader, endpoint);
  const std::string bucket = read_bucket(reader);
  return {.bucket = {endpoint, bucket, addressing},
          .public_bucket = {shown, bucket, addressing},
          .sender = {.region = read_region(reader), .credentials = read_credentials(reader)},
          .presign_expires =
              std::chrono::seconds(reader.number("PRESIGN_EXPIRES", 604800, {1, 604800})),
          .presign_window =
              std::chrono::seconds(reader.number("PRESIGN_WINDOW", 3600, {0, 604800}))};
}

ImageLimits read_image_limits(Reader& reader) {
  constexpr Range kPixels{1, 1LL << 40};
  const ImageLimits usual;
  return {.max_pixels = reader.number("MAX_IMAGE_PIXELS", usual.max_pixels, kPixels),
          .max_frames = reader.number("MAX_IMAGE_FRAMES", usual.max_frames, {1, 1'000'000}),
          .max_animation_pixels =
              reader.number("MAX_ANIMATION_PIXELS", usual.max_animation_pixels, kPixels)};
}

// An origin as browsers send it (RFC 6454 §6.2), for it is compared letter by letter: scheme
// and host in lower case, the port unless it is the scheme's own, nothing behind them.
bool is_origin(std::string_view text) {
  const auto origin = s3::parse_endpoint(text);
  return origin && text == origin->scheme + "://" + origin->host;
}

// Of a list with commas, in which nothing may stand between two of them.
bool each_is(bool (*is_right)(std::string_view), std::string_view list) {
  while (!list.empty()) {
    const std::string_view item = trim(take_until(list, ','));
    if (!item.empty() && !is_right(item)) return false;
  }
  return true;
}

// What only nginx's configuration uses, checked here so that one list names every fault.
void check_nginx_settings(Reader& reader) {
  if (!each_is(is_origin, reader.text("CORS_ORIGINS", ""))) {
    reader.fault("CORS_ORIGINS",
                 "must be origins like https://app.example or http://localhost:5173, separated "
                 "by commas");
  }
  if (!each_is(is_network, reader.text("METRICS_ALLOW", ""))) {
    reader.fault("METRICS_ALLOW",
                 "must be addresses or networks like 10.0.0.0/8 or 2001:db8::/32, separated by "
                 "commas");
  }
  reader.number("MAX_UPLOADS", 64, {1, 65535});
  reader.number("IMAGE_CACHE_MIB", 1024, {1, 1 << 20});
  reader.number("LIST_CACHE_MIB", 256, {1, 1 << 20});
  const std::string cache = reader.text("IMAGE_CACHE", "private");
  if (cache != "private" && cache != "public") {
    reader.fault("IMAGE_CACHE", "must be private or public");
  }
  for (const std::string_view limit : {"UPLOADS_PER_MINUTE", "UPLOADS_PER_MINUTE_PER_TOKEN",
                                       "CONNECTIONS_PER_ADDRESS", "MAX_CONNECTIONS"}) {
    reader.number(limit, 0, {0, 65535});
  }
  reader.on_or_off("HSTS", false);
}

Auth read_auth(Reader& reader) {
  const std::string auth = reader.text("AUTH", "off");
  if (auth == "write") return Auth::write;
  if (auth == "all") return Auth::all;
  if (auth != "off") reader.fault("AUTH", "must be off, write or all");
  return Auth::off;
}

std::string read_socket_path(Reader& reader) {
  std::string path = reader.text("LISTEN_SOCKET", "/run/photodrop/fcgi.sock");
  if (path.size() > kLongestSocketPath) {
    reader.fault("LISTEN_SOCKET", "must be a path of at most 107 bytes");
  }
  return path;
}

}  // namespace

Config parse_config(const Settings& settings) {
  constexpr std::int64_t kMostBytes = 1024LL * 1024 * 1024;
  Reader reader(settings);
  Config config;
  config.database_url = read_database_url(reader);
  config.store = read_store(reader);
  config.uploads.max_bytes =
      reader.number("MAX_IMAGE_SIZE_BYTES", config.uploads.max_bytes, {1, kMostBytes});
  config.uploads.image = read_image_limits(reader);
  config.uploads.strip_metadata =
      reader.on_or_off("STRIP_METADATA", config.uploads.strip_metadata);
  config.list_max = reader.number("LIST_MAX", config.list_max, {1, 100000});
  config.auth = read_auth(reader);
  config.server_name = reader.text("SERVER_NAME", "localhost");
  check_nginx_settings(reader);
  config.supervisor.workers = static_cast<int>(reader.number("WORKERS", 8, {1, 1024}));
  config.worker_max_requests =
      reader.number("WORKER_MAX_REQUESTS", config.worker_max_requests, {0, 1LL << 40});
  config.listener.path = read_socket_path(reader);
  // Each worker answers one request; this many more may wait for it.
  config.listener.backlog = std::max(64, 8 * config.supervisor.workers);
  if (auto faults = reader.faults(); !faults.empty()) throw ConfigError(std::move(faults));
  return config;
}

bool is_open_to_the_public(const Config& config) {
  const std::string& name = config.server_name;
  return config.auth == Auth::off && name != "localhost" && name != "127.0.0.1" &&
         name != "::1";
}

}  // namespace photodrop
