// Prometheus' text format, version 0.0.4:
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "metrics/statistics.h"

namespace photodrop {

inline constexpr const char* kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

struct Family {
  std::string_view name;
  std::string_view type;  // counter, gauge or histogram
  std::string_view help;  // one line
};

// Names and values, which hold no quote, no backslash and no line end.
using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class Exposition {
 public:
  // What follows are samples of this family.
  void begin(const Family& family);

  void sample(const Labels& labels, double value);
  void histogram(const Labels& labels, const Histogram& histogram);

  const std::string& text() const { return text_; }

 private:
  void line(std::string_view suffix, const std::string& labels, double value);

  std::string name_;
  std::string text_;
};

// Every family that Statistics has.
void write_statistics(Exposition& exposition, const Statistics& statistics);

}  // namespace photodrop
