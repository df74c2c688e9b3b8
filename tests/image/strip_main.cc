// strip_cli: the strip for tests in other languages.
//
//   strip_cli FROM TO
//
// writes what is kept of every file in the folder FROM to a file of the same name in the folder
// TO. A file that is refused is named with the reason, left out, and makes the status 1.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "base/error.h"
#include "image/probe.h"

namespace photodrop {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string strip(const std::string& bytes) {
  const auto image = probe_image(bytes, {});
  if (!image) throw Error(Fault::invalid_image, "This is no image.");
  return image->stripped.pieces().joined();
}

// Returns how many were refused.
int strip_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  int refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    try {
      const std::string kept = strip(read_file(entry.path()));
      std::ofstream(to / entry.path().filename(), std::ios::binary) << kept;
    } catch (const Error& error) {
      std::cerr << entry.path().filename().string() << ": " << error.detail() << '\n';
      ++refused;
    }
  }
  return refused;
}

}  // namespace
}  // namespace photodrop

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: strip_cli FROM TO\n";
    return 2;
  }
  try {
    return photodrop::strip_files(arguments[1], arguments[2]) > 0 ? 1 : 0;
  } catch (const std::exception& error) {
    std::cerr << "strip_cli: " << error.what() << '\n';
    return 2;
  }
}
