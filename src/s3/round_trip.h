// One small object's way into the store, out of it and away, for `photodrop doctor`.
#pragma once

#include <string_view>
#include <vector>

#include "base/diagnosis.h"
#include "s3/client.h"
#include "s3/sender.h"

namespace photodrop::s3 {

inline constexpr char kRoundTrip[] = "store round trip";
inline constexpr char kPublicUrl[] = "store public URL";
inline constexpr std::string_view kTrialBytes = "photodrop doctor was here\n";

// Writes an object under a key that fsck would know for ours, reads it, opens its presigned URL
// the way a browser does, deletes it and sees that it is gone. What was, or may have been,
// written is deleted whatever else fails. Two findings, kRoundTrip and kPublicUrl.
std::vector<Diagnosis> check_round_trip(const StoreOptions& options, Sender& sender);

}  // namespace photodrop::s3
