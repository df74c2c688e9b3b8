#include "image/kept_bytes.h"

namespace photodrop {

void KeptBytes::keep(std::string_view part) {
  const bool goes_on = part.data() == part_.data() + part_.size();
  if (goes_on) {
    part_ = {part_.data(), part_.size() + part.size()};
  } else {
    copy_part();
    part_ = part;
  }
}

void KeptBytes::add(std::string_view bytes) {
  copy_.reserve(copy_.size() + part_.size() + bytes.size());
  copy_part();
  copy_.append(bytes);
}

void KeptBytes::overwrite(std::size_t at, std::string_view bytes) {
  if (at >= copy_.size() && part_.substr(at - copy_.size(), bytes.size()) == bytes) return;
  if (at + bytes.size() > copy_.size()) copy_part();
  copy_.replace(at, bytes.size(), bytes);
}

void KeptBytes::copy_part() {
  copy_.append(part_);
  part_ = part_.substr(part_.size());
}

}  // namespace photodrop
