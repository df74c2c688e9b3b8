// photodrop-thumbnail as a maker of thumbnails: started anew for each, timed out, and out of
// reach of everything that a worker has.
#pragma once

#include <string>

#include "photos/thumbnail_maker.h"

namespace photodrop {

class ThumbnailProgram : public ThumbnailMaker {
 public:
  // `path` is where it lies.
  explicit ThumbnailProgram(std::string path) : path_(std::move(path)) {}

  std::optional<std::string> make(std::string_view image, int box) override;

 private:
  std::string path_;
};

}  // namespace photodrop
