#include "metrics/exposition.h"

#include <gtest/gtest.h>

#include <memory>

namespace photodrop::testing {
namespace {

using std::chrono::milliseconds;

class ExpositionTest : public ::testing::Test {
 protected:
  std::string page() const {
    Exposition exposition;
    write_statistics(exposition, *statistics_);
    return exposition.text();
  }

  bool has_line(const std::string& line) const {
    return ("\n" + page()).find("\n" + line + "\n") != std::string::npos;
  }

  std::unique_ptr<Statistics> statistics_ = std::make_unique<Statistics>();
};

TEST_F(ExpositionTest, AFamilyIsToldBeforeItsSamples) {
  Exposition exposition;
  exposition.begin({"up", "gauge", "Whether it is up."});
  exposition.sample({}, 1);
  exposition.sample({{"host", "a"}, {"port", "80"}}, 0.25);
  EXPECT_EQ(exposition.text(),
            "# HELP up Whether it is up.\n"
            "# TYPE up gauge\n"
            "up 1\n"
            "up{host=\"a\",port=\"80\"} 0.25\n");
}

TEST_F(ExpositionTest, LargeNumbersAreWrittenInFull) {
  Exposition exposition;
  exposition.begin({"bytes_total", "counter", "Bytes."});
  exposition.sample({}, 5'000'000'000);
  EXPECT_TRUE(exposition.text().ends_with("\nbytes_total 5000000000\n"));
}

TEST_F(ExpositionTest, ABucketHoldsThoseBeforeIt) {
  Histogram histogram{};
  histogram.buckets[0] = 2;
  histogram.buckets[1] = 3;
  histogram.buckets.back() = 1;
  histogram.nanoseconds = 61'500'000'000;
  Exposition exposition;
  exposition.begin({"t", "histogram", "Time."});
  exposition.histogram({{"a", "b"}}, histogram);
  const std::string& text = exposition.text();
  for (const char* const line :
       {"t_bucket{a=\"b\",le=\"0.001\"} 2\n", "t_bucket{a=\"b\",le=\"0.0025\"} 5\n",
        "t_bucket{a=\"b\",le=\"60\"} 5\n", "t_bucket{a=\"b\",le=\"+Inf\"} 6\n",
        "t_sum{a=\"b\"} 61.5\n", "t_count{a=\"b\"} 6\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST_F(ExpositionTest, AHistogramNeedsNoLabels) {
  Exposition exposition;
  exposition.begin({"t", "histogram", "Time."});
  exposition.histogram({}, Histogram{});
  EXPECT_NE(exposition.text().find("\nt_bucket{le=\"0.001\"} 0\n"), std::string::npos);
  EXPECT_NE(exposition.text().find("\nt_sum 0\nt_count 0\n"), std::string::npos);
}

TEST_F(ExpositionTest, TellsWhatWasCounted) {
  count_request(*statistics_, {.operation = {"POST", "/api/photos"},
                               .status = 503,
                               .bytes_in = 100,
                               .bytes_out = 20,
                               .time = milliseconds(500),
                               .store = {milliseconds(250), 3, 2},
                               .database = {milliseconds(125), 1, 0}});
  count_restart(*statistics_, Restart::watchdog);
  statistics_->scoreboard[0].pid = 1;
  statistics_->scoreboard[0].pool = Pool::upload;
  const std::string upload = R"({method="POST",route="/api/photos")";
  for (const std::string& line : {
           "photodrop_http_requests_total" + upload + R"(,code="503"} 1)",
           "photodrop_http_request_bytes_total" + upload + "} 100",
           "photodrop_http_response_bytes_total" + upload + "} 20",
           "photodrop_http_request_duration_seconds_sum" + upload + "} 0.5",
           std::string("photodrop_s3_attempts_total 3"),
           std::string("photodrop_s3_errors_total 2"),
           std::string("photodrop_s3_duration_seconds_sum 0.25"),
           std::string("photodrop_database_attempts_total 1"),
           std::string("photodrop_database_errors_total 0"),
           std::string("photodrop_database_duration_seconds_sum 0.125"),
           std::string(R"(photodrop_workers{pool="upload",state="busy"} 0)"),
           std::string(R"(photodrop_workers{pool="upload",state="idle"} 1)"),
           std::string(R"(photodrop_workers{pool="api",state="idle"} 0)"),
           std::string(R"(photodrop_worker_restarts_total{cause="signal"} 0)"),
           std::string(R"(photodrop_worker_restarts_total{cause="watchdog"} 1)"),
       }) {
    EXPECT_TRUE(has_line(line)) << line;
  }
}

TEST_F(ExpositionTest, AStatusThatNobodyGotIsLeftOut) {
  EXPECT_EQ(page().find("code="), std::string::npos);
}

}  // namespace
}  // namespace photodrop::testing
