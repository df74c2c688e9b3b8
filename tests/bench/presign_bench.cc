// BENCHMARK: presigned URLs a second on one core, as a list of photos makes them.
#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/digest.h"
#include "s3/presigner.h"

namespace photodrop::s3 {
namespace {

const Bucket kBucket{{"https", "s3.example.com"}, "photos", Addressing::path};
const Credentials kCredentials{"AKIAIOSFODNN7EXAMPLE",
                               "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
const Scope kScope{std::chrono::sys_seconds(std::chrono::seconds(1369353600)), "us-east-1"};

// Keys as photo_key() makes them, one with a space in it.
std::vector<std::string> photo_keys() {
  std::vector<std::string> keys;
  for (int i = 0; i < 1000; ++i) {
    keys.push_back(random_uuid() + "_holiday picture " + std::to_string(i) + ".jpg");
  }
  return keys;
}

void presigned_urls(benchmark::State& state) {
  const std::vector<std::string> keys = photo_keys();
  Presigner presigner(kBucket, kCredentials, kScope, kMaxExpires);
  for (auto _ : state) {
    for (const std::string& key : keys) benchmark::DoNotOptimize(presigner.url(key));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(keys.size()));
}
BENCHMARK(presigned_urls);

}  // namespace
}  // namespace photodrop::s3

BENCHMARK_MAIN();
