#include "db/session.h"

namespace photodrop {

Error database_error(const std::string& cause) {
  return {Fault::database_unavailable,
          "The database is not available just now. Please try again.", cause};
}

}  // namespace photodrop
