// The worker pools. Each has a listening socket and a number of workers of its own, as in
// php-fpm, so that a request in one pool never waits behind a request in another. nginx selects
// the pool by location (nginx/photodrop.conf.template); the program is the same in all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace photodrop {

enum class Pool : std::uint8_t {
  api,        // requests that need PostgreSQL at most
  upload,     // requests that write to the store: POST and DELETE
  thumbnail,  // requests that decode an image
};

struct PoolInfo {
  Pool pool;
  std::string_view name;
  std::string_view workers_setting;  // by which its number of workers is set
};

inline constexpr std::array kPools{
    PoolInfo{Pool::api, "api", "WORKERS"},
    PoolInfo{Pool::upload, "upload", "UPLOAD_WORKERS"},
    PoolInfo{Pool::thumbnail, "thumbnail", "THUMBNAIL_WORKERS"},
};

// One value for each pool, in the order of kPools; at(pool) finds it.
template <class Value>
class PerPool {
 public:
  std::array<Value, kPools.size()> values;

  Value& at(Pool pool) { return values[static_cast<std::size_t>(pool)]; }
  const Value& at(Pool pool) const { return values[static_cast<std::size_t>(pool)]; }
};

inline const PoolInfo& info_of(Pool pool) {
  return kPools[static_cast<std::size_t>(pool)];
}

}  // namespace photodrop
