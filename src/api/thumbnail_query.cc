#include "api/thumbnail_query.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "http/query.h"
#include "photos/names.h"

namespace photodrop {
namespace {

constexpr int kUsualBox = 640;

}  // namespace

int parse_thumbnail_query(std::string_view query) {
  const QueryFields fields = parse_query(query);
  const auto text = find_field(fields, "w");
  if (!text) return kUsualBox;
  const auto* const box =
      std::find(kThumbnailBoxes.begin(), kThumbnailBoxes.end(), parse_integer(*text));
  if (box != kThumbnailBoxes.end()) return *box;
  throw Error(Fault::invalid_parameter, "The parameter w must be 320, 640 or 1280.");
}

}  // namespace photodrop
