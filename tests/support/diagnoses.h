// What tests ask of the doctor's findings, by the name of the check.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "base/diagnosis.h"

namespace photodrop::testing {

// The finding of that name; throws when there is none.
inline const Diagnosis& finding_of(const std::vector<Diagnosis>& found,
                                   const std::string& name) {
  for (const Diagnosis& finding : found) {
    if (finding.name == name) return finding;
  }
  throw std::runtime_error("no finding is named " + name);
}

inline Diagnosis::Verdict verdict_of(const std::vector<Diagnosis>& found,
                                     const std::string& name) {
  return finding_of(found, name).verdict;
}

inline void expect_text(const std::vector<Diagnosis>& found, const std::string& name,
                        const std::string& part) {
  const Diagnosis& finding = finding_of(found, name);
  EXPECT_NE(finding.text.find(part), std::string::npos)
      << name << ": " << finding.text << "\nlacks " << part;
}

inline void expect_hint(const std::vector<Diagnosis>& found, const std::string& name,
                        const std::string& part) {
  const Diagnosis& finding = finding_of(found, name);
  EXPECT_NE(finding.hint.find(part), std::string::npos)
      << name << ": " << finding.hint << "\nlacks " << part;
}

// Neither text nor hint holds it.
inline void expect_nowhere(const std::vector<Diagnosis>& found, const std::string& secret) {
  for (const Diagnosis& finding : found) {
    EXPECT_EQ((finding.text + finding.hint).find(secret), std::string::npos) << finding.text;
  }
}

}  // namespace photodrop::testing
