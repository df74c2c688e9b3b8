// fuzz_seeds: writes what libFuzzer begins with.
//
//   fuzz_seeds DIR
//
// makes a folder in DIR for each target, of its name, and in it a file of each of its seeds.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "fuzz/targets.h"

namespace photodrop::fuzz {
namespace {

void write_seeds(const std::filesystem::path& folder, const Target& target) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& seed : target.seeds) {
    std::ofstream(folder / ("seed-" + std::to_string(++number)), std::ios::binary) << seed;
  }
}

}  // namespace
}  // namespace photodrop::fuzz

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: fuzz_seeds DIR\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  for (const auto& target : photodrop::fuzz::all_targets()) {
    photodrop::fuzz::write_seeds(folder / target.name, target);
  }
}
