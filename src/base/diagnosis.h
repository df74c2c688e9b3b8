// What one check of `photodrop doctor` has found. The parts check themselves; the command
// prints.
#pragma once

#include <string>

namespace photodrop {

struct Diagnosis {
  enum class Verdict {
    good,
    warning,  // works now, or for a part of what is asked of it
    bad,      // uploads, lists or deletions fail
    skipped,  // not known, because another check failed or the question was not asked
  };

  std::string name;  // what was checked: "store region"
  Verdict verdict = Verdict::good;
  std::string text;       // what is so; may quote what a server sent, so clean it to print it
  std::string hint = {};  // what to do about it: with warning and bad only
};

}  // namespace photodrop
