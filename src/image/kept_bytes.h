// What a walk keeps of an image file: a part of the file itself, and a copy of what is before
// that.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/pieces.h"

namespace photodrop {

// Usually nothing is left out, or what is near the beginning or follows the end mark, and next
// to nothing is copied. At most all that is kept is, into a block that grows with it.
class KeptBytes {
 public:
  // `file` must outlive this and all pieces().
  explicit KeptBytes(std::string_view file) : part_(file.substr(0, 0)) {}

  // Appends a part of the file.
  void keep(std::string_view part);

  // Appends other bytes, in the place of some of the file.
  void add(std::string_view bytes);

  // Puts other bytes where some are already; all of them have to be there.
  void overwrite(std::size_t at, std::string_view bytes);

  std::size_t size() const { return pieces().size(); }

  // All that was kept. Valid until something is kept or this is moved.
  Pieces pieces() const { return {copy_, part_}; }

 private:
  void copy_part();

  std::string copy_;
  std::string_view part_;  // of the file, behind the copy; where the file goes on is its end
};

}  // namespace photodrop
