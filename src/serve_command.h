// `photodrop serve`: the supervisor and its pools of workers.
#pragma once

#include <string>

#include "config.h"

namespace photodrop {

// Serves requests until SIGTERM and returns the exit status. SIGHUP makes this process execute
// the program anew, with the settings that are there then.
int run_serve(const Config& config, const std::string& version);

}  // namespace photodrop
