// Places where a test kills the process, to see what is left behind.
#pragma once

#include <string_view>

namespace photodrop {

#ifdef PHOTODROP_CRASH_POINTS
// Ends the process by SIGKILL when the environment's CRASH_AT is `place`.
void crash_point(std::string_view place);
#else
inline void crash_point(std::string_view /*place*/) {}
#endif

}  // namespace photodrop
