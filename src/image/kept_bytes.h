// What a walk keeps of an image file: the file itself for as long as nothing was left out, a
// copy of the rest from then on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace photodrop {

// Usually nothing is left out, or only what follows the end mark, and no byte is copied.
// Otherwise one block is allocated, as large as the file and the few bytes that a walk may add.
class KeptBytes {
 public:
  // `file` must outlive this and every view().
  explicit KeptBytes(std::string_view file) : file_(file) {}

  // Appends bytes of the file, or others in their place.
  void keep(std::string_view bytes);

  // Puts other bytes where some are already; all of them have to be there.
  void overwrite(std::size_t at, std::string_view bytes);

  std::size_t size() const { return view().size(); }

  // All that was kept. Valid until something is kept or this is moved.
  std::string_view view() const { return copy_ ? *copy_ : file_.substr(0, unchanged_); }

 private:
  std::string& copy();

  std::string_view file_;
  std::size_t unchanged_ =
      0;  // of the file's first bytes, all that was kept unless there is a copy
  std::optional<std::string> copy_;
};

}  // namespace photodrop
