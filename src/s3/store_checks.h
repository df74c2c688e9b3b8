// Whether the store is fit for use, for `photodrop doctor`.
#pragma once

#include <vector>

#include "base/diagnosis.h"
#include "s3/client.h"

namespace photodrop::s3 {

// Asks the store as the service would: whether it answers, by path or virtual host, with our
// clock and region, what it says of the bucket, a round trip of one small object, and whether
// deletions only hide. Each request ends by the sender's deadline. A failure is a finding, and
// what cannot be asked after it is skipped. No key, signature or signed URL is in any text.
std::vector<Diagnosis> check_store(const StoreOptions& options);

}  // namespace photodrop::s3
