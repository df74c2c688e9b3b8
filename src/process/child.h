// A program that is run for one answer: bytes in, bytes out, within a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace photodrop {

struct Command {
  std::string program;                 // its path
  std::vector<std::string> arguments;  // without the program's name
  std::string_view input;              // what it reads from stdin
  std::chrono::milliseconds patience;  // then it is killed
  std::size_t max_output = 0;          // bytes; one that writes more is killed
};

struct Outcome {
  std::optional<std::string> output;  // all of it, when the program ended well
  std::string cause;                  // why there is none
};

// Runs the program: with no environment, no descriptor of ours, no signal blocked, and nothing
// heard of what it writes to stderr. Returns when it has ended; throws std::runtime_error when
// it could not be started. Not for processes that ignore SIGCHLD.
Outcome run(const Command& command);

}  // namespace photodrop
