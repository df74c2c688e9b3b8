// What a store's refusal says about the settings, for `photodrop doctor`.
#pragma once

#include <string>

#include "s3/curl.h"

namespace photodrop::s3 {

// What to do about a reply that is no success: the setting that is wrong, as far as status and
// <Code> tell ("Error responses", Amazon S3 API Reference). Quotes nothing of the reply.
std::string hint_for(const HttpReply& reply);

}  // namespace photodrop::s3
