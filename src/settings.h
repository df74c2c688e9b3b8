// Where settings come from: names and values, before anyone knows what they mean.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

using Settings = std::map<std::string, std::string, std::less<>>;

// The lines `NAME=value` of a .env file. `export ` before the name, spaces around both, and one
// pair of single or double quotes around the value are dropped; empty lines and lines that
// start with '#' are skipped, and lines of any other form ignored. Of two lines with one name
// the last counts.
Settings parse_env_file(std::string_view text);

// Everything this process was given: systemd's credentials (files named like the setting in
// $CREDENTIALS_DIRECTORY, one line end dropped), overridden by the file that $SETTINGS_FILE
// names (`.env` in the working directory if it names none), overridden by the environment. An
// empty value in a file counts as not given; a variable that is set to nothing takes the
// setting back to its default, as it does for the scripts. Throws std::runtime_error when a
// file cannot be read; only `.env` may be missing.
Settings gather_settings();

}  // namespace photodrop
