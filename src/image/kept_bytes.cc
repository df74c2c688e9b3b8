#include "image/kept_bytes.h"

namespace photodrop {
namespace {

// An Exif block that only states an orientation may be longer than the one it stands for.
constexpr std::size_t kMostAdded = 64;

}  // namespace

void KeptBytes::keep(std::string_view bytes) {
  if (!copy_ && file_.substr(unchanged_).starts_with(bytes)) {
    unchanged_ += bytes.size();
  } else {
    copy().append(bytes);
  }
}

void KeptBytes::overwrite(std::size_t at, std::string_view bytes) {
  if (view().substr(at, bytes.size()) != bytes) copy().replace(at, bytes.size(), bytes);
}

std::string& KeptBytes::copy() {
  if (!copy_) {
    copy_.emplace();
    copy_->reserve(file_.size() + kMostAdded);
    copy_->append(file_, 0, unchanged_);
  }
  return *copy_;
}

}  // namespace photodrop
