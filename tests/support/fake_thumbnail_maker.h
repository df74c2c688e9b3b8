// A maker of thumbnails that can be told to fail, or to answer anything.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "photos/thumbnail_maker.h"
#include "support/sample_images.h"

namespace photodrop::testing {

class FakeThumbnailMaker : public ThumbnailMaker {
 public:
  std::optional<std::string> make(std::string_view image, int box) override {
    images.emplace_back(image);
    boxes.push_back(box);
    if (during_make) during_make();
    return answer;
  }

  // The switches. Each stays as it is set.
  std::optional<std::string> answer = tiny_webp();
  std::function<void()> during_make;

  std::vector<std::string> images;  // that thumbnails were to be made of
  std::vector<int> boxes;
};

}  // namespace photodrop::testing
