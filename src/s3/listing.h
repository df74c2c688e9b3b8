// What ListObjectsV2 answers ("ListObjectsV2", Amazon S3 API Reference). The only user of
// pugixml.
#pragma once

#include <string_view>
#include <vector>

#include "photos/object_store.h"

namespace photodrop::s3 {

// The objects in one answer; keys are decoded when it says that they are encoded. Throws
// Error{storage_unavailable} when it is not such an answer, or not in order: a list that is
// not can be compared with nothing.
std::vector<StoredObject> parse_listing(std::string_view xml);

}  // namespace photodrop::s3
