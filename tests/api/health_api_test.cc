#include "api/health_api.h"

#include <gtest/gtest.h>

#include <memory>

#include "api/api_fixture.h"
#include "api/health_probe.h"
#include "support/photo_store_harness.h"

namespace photodrop::testing {
namespace {

class HealthApiTest : public ApiTest {
 protected:
  HealthApiTest() { health_.add_to(router_); }

  Response get(const std::string& path) const { return ask(request("GET", path)); }

  // Between two requests, as a worker does.
  void probe() {
    HealthProbe("database", statistics_->database_health, [this] {
      photos_.check();
    }).run_if_due();
    HealthProbe("store", statistics_->store_health, [this] {
      objects_.check(std::chrono::seconds(1));
    }).run_if_due();
  }

  std::string page() const { return text_of(get("/metrics")); }

  std::unique_ptr<Statistics> statistics_ = std::make_unique<Statistics>();
  HealthApi health_{photos_, *statistics_, "1.2.3"};
};

TEST_F(HealthApiTest, IsAliveWhateverElseFails) {
  objects_.check_fails = photos_.census_fails = true;
  const Response response = get("/healthz");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(text_of(response), "alive\n");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
  EXPECT_TRUE(response.is_routine);
}

TEST_F(HealthApiTest, IsReadyOnceStoreAndDatabaseHaveAnswered) {
  const Response early = get("/readyz");
  expect_problem(early, 503, "database-unavailable");
  EXPECT_EQ(early.cause, "not probed yet");
  probe();
  const Response response = get("/readyz");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(text_of(response), "ready\n");
  EXPECT_TRUE(response.is_routine);
}

TEST_F(HealthApiTest, NamesThePartThatDoesNotAnswer) {
  objects_.check_fails = true;
  probe();
  const Response response = get("/readyz");
  expect_problem(response, 503, "storage-unavailable");
  EXPECT_EQ(response.cause, "the last probe failed");
  EXPECT_FALSE(response.is_routine);
}

TEST_F(HealthApiTest, NamesTheDatabaseFirst) {
  objects_.check_fails = photos_.census_fails = true;
  probe();
  expect_problem(get("/readyz"), 503, "database-unavailable");
}

TEST_F(HealthApiTest, IsNotReadyWhileACircuitBreakerIsOpen) {
  probe();
  for (std::uint32_t i = 0; i < CircuitBreaker::kThreshold; ++i) {
    statistics_->store_health.breaker.record_failure("store", "no answer");
  }
  const Response response = get("/readyz");
  expect_problem(response, 503, "storage-unavailable");
  EXPECT_EQ(response.cause, "the circuit breaker is open");
}

TEST_F(HealthApiTest, AsksNeitherStoreNorDatabaseForItsReadiness) {
  probe();
  EXPECT_EQ(objects_.checks, 1);
  objects_.check_fails = photos_.census_fails = true;
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(objects_.checks, 1);
  EXPECT_TRUE(statistics_->store_health.is_probe_wanted) << "but wants them to be asked";
  EXPECT_TRUE(statistics_->database_health.is_probe_wanted);
}

TEST_F(HealthApiTest, TheMetricsAreInPrometheusFormat) {
  const Response response = get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_TRUE(response.is_routine);
  EXPECT_NE(page().find("\nphotodrop_build_info{version=\"1.2.3\"} 1\n"), std::string::npos);
}

TEST_F(HealthApiTest, TheMetricsHaveTheCensus) {
  photos_.begin(sample_photo(), std::chrono::seconds(60));
  photos_.time += std::chrono::seconds(90);
  const std::string text = page();
  for (const char* const line :
       {"photodrop_database_up 1", R"(photodrop_ledger_rows{state="pending"} 1)",
        R"(photodrop_ledger_rows{state="deleting"} 0)",
        R"(photodrop_ledger_rows{state="tombstone"} 0)", "photodrop_ledger_due_rows 1",
        "photodrop_ledger_oldest_pending_seconds 90"}) {
    EXPECT_NE(text.find("\n" + std::string(line) + "\n"), std::string::npos) << line;
  }
}

TEST_F(HealthApiTest, TheMetricsDoWithoutTheDatabase) {
  photos_.census_fails = true;
  const Response response = get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.cause, "census");
  EXPECT_FALSE(response.is_routine);
  const std::string text = text_of(response);
  EXPECT_NE(text.find("\nphotodrop_database_up 0\n"), std::string::npos);
  EXPECT_NE(text.find("photodrop_workers"), std::string::npos);
  EXPECT_EQ(text.find("photodrop_ledger"), std::string::npos);
}

TEST_F(HealthApiTest, NothingButGetIsTaken) {
  expect_problem(ask(request("POST", "/metrics")), 405, "method-not-allowed");
}

}  // namespace
}  // namespace photodrop::testing
