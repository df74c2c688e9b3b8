#include "config.h"

#include <algorithm>
#include <utility>

#include "base/network.h"
#include "base/text.h"
#include "base/time.h"
#include "db/connection_url.h"
#include "metrics/statistics.h"
#include "settings_reader.h"

namespace photodrop {
namespace {

// Connections that may wait for a worker, in a pool of few.
constexpr int kShortestBacklog = 256;

std::string read_database_url(SettingsReader& reader) {
  const auto url = connection_url(reader.text(
      "DATABASE_URL", "postgresql+psycopg://postgres:postgres@localhost:5432/photos"));
  if (!url) {
    reader.fault("DATABASE_URL",
                 "is not a PostgreSQL URL: postgresql://user:password@host:port/database");
  }
  return url.value_or("");
}

s3::Endpoint read_endpoint(SettingsReader& reader, std::string_view name,
                           const std::string& fallback) {
  const auto endpoint = s3::parse_endpoint(reader.text(name, fallback));
  if (!endpoint) reader.fault(name, "is not a URL of the form http(s)://host[:port]");
  return endpoint.value_or(s3::Endpoint{});
}

s3::Addressing read_addressing(SettingsReader& reader, const s3::Endpoint& endpoint) {
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

std::string read_bucket(SettingsReader& reader) {
  std::string name = reader.text("BUCKET_NAME", "photos");
  if (!is_bucket_name(name)) {
    reader.fault("BUCKET_NAME", "must have 3 to 255 letters, digits, dots, dashes or '_'");
  }
  return name;
}

// Part of every signature: a letter that does not belong there would fail each request.
std::string read_region(SettingsReader& reader) {
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

std::optional<std::chrono::sys_seconds> read_expiration(SettingsReader& reader) {
  const std::string text = reader.text("AWS_CREDENTIAL_EXPIRATION", "");
  if (text.empty()) return std::nullopt;
  const auto time = parse_rfc3339(text);
  if (!time) {
    reader.fault("AWS_CREDENTIAL_EXPIRATION", "must be a time like 2026-01-31T12:00:00Z");
  }
  return time;
}

// They go into headers, where a line end would begin another one.
s3::Credentials read_credentials(SettingsReader& reader) {
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

s3::StoreOptions read_store(SettingsReader& reader) {
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

ImageLimits read_image_limits(SettingsReader& reader) {
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
void check_nginx_settings(SettingsReader& reader) {
  if (!each_is(is_origin, reader.text("CORS_ORIGINS", ""))) {
    reader.fault("CORS_ORIGINS",
                 "must be origins like https://app.example or http://localhost:5173, separated "
                 "by commas");
  }
  for (const std::string_view networks : {"METRICS_ALLOW", "TRUSTED_PROXIES"}) {
    if (each_is(is_network, reader.text(networks, ""))) continue;
    reader.fault(networks,
                 "must be addresses or networks like 10.0.0.0/8 or 2001:db8::/32, separated by "
                 "commas");
  }
  if (reader.on_or_off("PROXY_PROTOCOL", false) && reader.text("TRUSTED_PROXIES", "").empty()) {
    reader.fault("PROXY_PROTOCOL",
                 "needs TRUSTED_PROXIES: the networks that it is believed from");
  }
  reader.number("MAX_UPLOADS", 1200, {1, 65535});
  reader.number("IMAGE_CACHE_MIB", 1024, {1, 1 << 20});
  reader.number("LIST_CACHE_MIB", 256, {1, 1 << 20});
  const std::string cache = reader.text("IMAGE_CACHE", "private");
  if (cache != "private" && cache != "public") {
    reader.fault("IMAGE_CACHE", "must be private or public");
  }
  for (const std::string_view limit :
       {"UPLOADS_PER_MINUTE", "UPLOADS_PER_MINUTE_PER_TOKEN", "UPLOADS_PER_ADDRESS",
        "CONNECTIONS_PER_ADDRESS", "MAX_CONNECTIONS"}) {
    reader.number(limit, 0, {0, 65535});
  }
  reader.on_or_off("HSTS", false);
}

Auth read_auth(SettingsReader& reader) {
  const std::string auth = reader.text("AUTH", "off");
  if (auth == "write") return Auth::write;
  if (auth == "all") return Auth::all;
  if (auth != "off") reader.fault("AUTH", "must be off, write or all");
  return Auth::off;
}

// LISTEN_SOCKET is that of the pool `api`. The sockets of the others lie beside it, named after
// their pools: fcgi.sock, fcgi-upload.sock.
std::string socket_path(std::string_view path, const PoolInfo& pool) {
  static constexpr std::string_view kSuffix = ".sock";
  if (pool.pool == Pool::api) return std::string(path);
  if (path.ends_with(kSuffix)) path.remove_suffix(kSuffix.size());
  return std::string(path).append("-").append(pool.name).append(kSuffix);
}

// By default a server of two cores and 2 GiB is busy without being short of memory: an upload
// waits for a store that is far away most of the time, a decoder takes a core for itself.
PerPool<PoolConfig> read_pools(SettingsReader& reader) {
  static constexpr PerPool<int> kDefaultWorkers{{8, 40, 1}};
  const std::string path = reader.text("LISTEN_SOCKET", "/run/photodrop/fcgi.sock");
  PerPool<PoolConfig> pools;
  bool is_too_long = false;
  for (const PoolInfo& pool : kPools) {
    const auto workers = static_cast<int>(
        reader.number(pool.workers_setting, kDefaultWorkers.at(pool.pool), {1, kMostWorkers}));
    // A request that finds the queue full is refused at once, which is better than a wait that
    // outlasts nginx's patience.
    const int backlog = std::max(kShortestBacklog, 8 * workers);
    pools.at(pool.pool) = {.workers = workers,
                           .listener = {.path = socket_path(path, pool), .backlog = backlog}};
    is_too_long = is_too_long || socket_path(path, pool).size() > kLongestSocketPath;
  }
  if (is_too_long) reader.fault("LISTEN_SOCKET", "must be a path of at most 97 bytes");
  return pools;
}

}  // namespace

Config parse_config(const Settings& settings) {
  constexpr std::int64_t kMostBytes = 1024LL * 1024 * 1024;
  SettingsReader reader(settings);
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
  config.pools = read_pools(reader);
  config.worker_max_requests =
      reader.number("WORKER_MAX_REQUESTS", config.worker_max_requests, {0, 1LL << 40});
  if (!reader.faults().empty()) throw ConfigError(reader.faults());
  return config;
}

int all_workers(const Config& config) {
  int sum = 0;
  for (const PoolConfig& pool : config.pools.values) sum += pool.workers;
  return sum;
}

bool is_open_to_the_public(const Config& config) {
  const std::string& name = config.server_name;
  return config.auth == Auth::off && name != "localhost" && name != "127.0.0.1" &&
         name != "::1";
}

}  // namespace photodrop
