// Whether the database is fit for use, for `photodrop doctor`.
#pragma once

#include <string>
#include <vector>

#include "base/diagnosis.h"

namespace photodrop {

// Asks the database at `database_url` (connection_url) as the service would: whether it
// answers, what the role may do, which migrations it has seen, and whether `workers` processes
// and one maintenance command find connections enough. Changes nothing. A failure is a finding,
// and what cannot be asked after it is skipped. The password is in no text.
std::vector<Diagnosis> check_database(const std::string& database_url, int workers);

}  // namespace photodrop
