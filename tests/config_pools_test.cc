// How many workers the pools have, and where they listen.
#include <gtest/gtest.h>

#include "config.h"

namespace photodrop {
namespace {

Config config_with(Settings settings) {
  settings.insert({{"AWS_ACCESS_KEY", "AKIAEXAMPLE"}, {"AWS_SECRET_KEY", "hush-hush"}});
  return parse_config(settings);
}

// What is wrong with the socket's path, without the setting's name.
std::string fault_of(const std::string& path) {
  static constexpr std::string_view kName = "LISTEN_SOCKET ";
  try {
    config_with({{"LISTEN_SOCKET", path}});
    return "accepted";
  } catch (const ConfigError& error) {
    return error.faults().at(0).substr(kName.size());
  }
}

TEST(ConfigPools, SuitASmallServerByDefault) {
  const Config config = config_with({});
  EXPECT_EQ(config.pools.at(Pool::api).workers, 8);
  EXPECT_EQ(config.pools.at(Pool::upload).workers, 40);
  EXPECT_EQ(config.pools.at(Pool::thumbnail).workers, 1);
  EXPECT_EQ(all_workers(config), 49);
  EXPECT_EQ(config.pools.at(Pool::api).listener.path, "/run/photodrop/fcgi.sock");
  EXPECT_EQ(config.pools.at(Pool::upload).listener.path, "/run/photodrop/fcgi-upload.sock");
  EXPECT_EQ(config.pools.at(Pool::thumbnail).listener.path,
            "/run/photodrop/fcgi-thumbnail.sock");
  EXPECT_EQ(config.pools.at(Pool::api).listener.backlog, 256);
  EXPECT_EQ(config.pools.at(Pool::upload).listener.backlog, 320);
}

TEST(ConfigPools, AreWhatTheSettingsSay) {
  const Config config = config_with({{"WORKERS", "20"},
                                     {"UPLOAD_WORKERS", "100"},
                                     {"THUMBNAIL_WORKERS", "7"},
                                     {"LISTEN_SOCKET", "/tmp/s"}});
  EXPECT_EQ(all_workers(config), 127);
  EXPECT_EQ(config.pools.at(Pool::upload).workers, 100);
  EXPECT_EQ(config.pools.at(Pool::upload).listener.backlog, 800);
  EXPECT_EQ(config.pools.at(Pool::thumbnail).workers, 7);
  EXPECT_EQ(config.pools.at(Pool::api).listener.path, "/tmp/s");
  EXPECT_EQ(config.pools.at(Pool::thumbnail).listener.path, "/tmp/s-thumbnail.sock");
}

TEST(ConfigPools, TheLongestPathOfASocketIsOneThatTheKernelTakes) {
  EXPECT_EQ(fault_of(std::string(93, 's')), "must be a path of at most 97 bytes.");
  EXPECT_EQ(fault_of(std::string(98, 's') + ".sock"), "must be a path of at most 97 bytes.");
  EXPECT_EQ(fault_of(std::string(92, 's')), "accepted");
  EXPECT_EQ(fault_of(std::string(92, 's') + ".sock"), "accepted");
}

}  // namespace
}  // namespace photodrop
