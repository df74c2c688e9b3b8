// Whether nginx and the workers behind it agree with our settings, for `photodrop doctor`.
#pragma once

#include <cstdint>

#include "base/diagnosis.h"
#include "s3/endpoint.h"

namespace photodrop {

// Uploads, to the service at `service`, a form with a photo of `max_bytes` zero bytes, and then
// one byte more. The first must be refused by a worker for its kind, which proves that nginx
// passes a form with the largest photo on; the second, smaller than that form, by a worker for
// its size. A worker that refuses the first for want of a token (AUTH) proves the same of
// nginx, and would not look at the second. Nothing is stored. Takes `max_bytes` of memory and
// at most two minutes. A failure is a finding.
Diagnosis check_service(const s3::Endpoint& service, std::int64_t max_bytes);

}  // namespace photodrop
