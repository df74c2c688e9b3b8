// What the settings mean: every option of every part, checked, or the list of all that is
// wrong.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "access/gate.h"
#include "metrics/pools.h"
#include "photos/uploader.h"
#include "s3/client.h"
#include "server/listener.h"
#include "settings.h"

namespace photodrop {

struct PoolConfig {
  int workers;
  ListenerOptions listener;
};

struct Config {
  std::string database_url;  // as connection_url() makes it; holds a password
  s3::StoreOptions store;
  UploadOptions uploads;
  std::int64_t list_max = 1000;
  Auth auth = Auth::off;
  std::string server_name;  // what nginx answers to
  PerPool<PoolConfig> pools;
  std::int64_t worker_max_requests = 100'000;  // then a worker is replaced; 0 for never
};

// All the faults of the settings, one sentence each. No value that could be a secret is in
// them.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<std::string> faults)
      : std::runtime_error("bad settings"), faults_(std::move(faults)) {}

  const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::vector<std::string> faults_;
};

// Reads the settings under the lesson's names, with its defaults (README, "Settings"). Throws
// ConfigError.
Config parse_config(const Settings& settings);

// How many workers all pools have together.
int all_workers(const Config& config);

// Whether anyone at all may upload and delete: no token is asked for, under a name that is not
// this machine's for itself.
bool is_open_to_the_public(const Config& config);

}  // namespace photodrop
