// How the doctor is asked and what its lines look like.
#include "doctor_command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace photodrop::testing {
namespace {

using Verdict = Diagnosis::Verdict;
using Arguments = std::vector<std::string_view>;

TEST(DoctorOptions, MayNameTheService) {
  EXPECT_EQ(parse_doctor_options(Arguments{}).value().service, std::nullopt);
  const auto service =
      parse_doctor_options(Arguments{"--url", "https://photos.example/"}).value().service;
  ASSERT_TRUE(service);
  EXPECT_EQ(service->scheme, "https");
  EXPECT_EQ(service->host, "photos.example");
}

TEST(DoctorOptions, AreRefusedWhenTheyAreOthers) {
  for (const Arguments& arguments :
       {Arguments{"--url"}, Arguments{"--fix"}, Arguments{"http://localhost"},
        Arguments{"--url", "localhost"}, Arguments{"--url", "http://localhost/api"},
        Arguments{"--url", "http://user:secret@localhost"},
        Arguments{"--url", "http://localhost", "--fix"}}) {
    EXPECT_FALSE(parse_doctor_options(arguments)) << arguments.front();
  }
}

TEST(DoctorReport, IsALineAndAHintBelow) {
  EXPECT_EQ(report_of({.name = "store reach", .text = "it answers"}, false),
            "ok    store reach: it answers\n");
  EXPECT_EQ(
      report_of({.name = "a", .verdict = Verdict::warning, .text = "b", .hint = "do this"},
                false),
      "warn  a: b\n      -> do this\n");
  EXPECT_EQ(
      report_of({.name = "a", .verdict = Verdict::bad, .text = "b", .hint = "do this"}, false),
      "FAIL  a: b\n      -> do this\n");
  EXPECT_EQ(report_of({.name = "a", .verdict = Verdict::skipped, .text = "b"}, false),
            "skip  a: b\n");
}

TEST(DoctorReport, HasColoursOnATerminal) {
  EXPECT_EQ(report_of({.name = "a", .text = "b"}, true), "\x1B[32mok  \x1B[0m  a: b\n");
  EXPECT_EQ(report_of({.name = "a", .verdict = Verdict::bad, .text = "b"}, true),
            "\x1B[31mFAIL\x1B[0m  a: b\n");
}

TEST(DoctorReport, KeepsToItsLinesWhateverAServerSays) {
  const std::string told = "b\r\n\x1B[31mok" + std::string(10000, 'x');
  const std::string report =
      report_of({.name = "a", .verdict = Verdict::bad, .text = told, .hint = told}, false);
  EXPECT_EQ(std::count(report.begin(), report.end(), '\n'), 2);
  EXPECT_EQ(report.find('\x1B'), std::string::npos);
  EXPECT_EQ(report.find('\r'), std::string::npos);
  EXPECT_LT(report.size(), 1100U);
}

}  // namespace
}  // namespace photodrop::testing
