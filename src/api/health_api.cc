#include "api/health_api.h"

#include <utility>

#include "base/error.h"
#include "metrics/exposition.h"

namespace photodrop {
namespace {

Response text_response(std::string text, const char* type = "text/plain; charset=utf-8") {
  return {.status = 200,
          .headers = {{"Content-Type", type}, {"Cache-Control", "no-store"}},
          .body = std::move(text),
          .is_routine = true};
}

void write_build(Exposition& exposition, std::string_view version) {
  exposition.begin({"photodrop_build_info", "gauge", "1; the label says what runs."});
  exposition.sample({{"version", version}}, 1);
}

void write_database_up(Exposition& exposition, bool is_up) {
  exposition.begin({"photodrop_database_up", "gauge",
                    "1 when the database has answered for this page, 0 when it has not."});
  exposition.sample({}, is_up ? 1 : 0);
}

const char* state_of(const PartHealth& health) {
  if (health.breaker.is_open()) return "the circuit breaker is open";
  return health.last_probe == ProbeResult::none ? "not probed yet" : "the last probe failed";
}

void write_census(Exposition& exposition, const Census& census) {
  exposition.begin({"photodrop_ledger_rows", "gauge", "Rows that are not stored photos."});
  exposition.sample({{"state", "pending"}}, static_cast<double>(census.pending));
  exposition.sample({{"state", "deleting"}}, static_cast<double>(census.deleting));
  exposition.sample({{"state", "tombstone"}}, static_cast<double>(census.tombstones));
  exposition.begin(
      {"photodrop_ledger_due_rows", "gauge", "Those of them that wait for the reaper now."});
  exposition.sample({}, static_cast<double>(census.due));
  exposition.begin({"photodrop_ledger_oldest_pending_seconds", "gauge",
                    "Age of the oldest pending row, 0 when there is none."});
  exposition.sample({}, std::chrono::duration<double>(census.oldest_pending).count());
}

}  // namespace

void HealthApi::add_to(Router& router) {
  router.add("GET", "/healthz", [](const Request&) { return text_response("alive\n"); });
  router.add("GET", "/readyz", [this](const Request&) { return tell_readiness(); });
  router.add("GET", "/metrics", [this](const Request&) { return tell_metrics(); });
}

Response HealthApi::tell_readiness() {
  PartHealth& database = statistics_.database_health;
  PartHealth& store = statistics_.store_health;
  database.is_probe_wanted = store.is_probe_wanted = true;
  if (!database.is_good()) {
    throw Error(Fault::database_unavailable, "The database is not available just now.",
                state_of(database));
  }
  if (!store.is_good()) {
    throw Error(Fault::storage_unavailable, "The store is not available just now.",
                state_of(store));
  }
  return text_response("ready\n");
}

// A scrape is not to fail just when there is something to see.
Response HealthApi::tell_metrics() {
  Exposition exposition;
  write_build(exposition, version_);
  write_statistics(exposition, statistics_);
  Response response = text_response({}, kExpositionType);
  try {
    const Census census = census_.census();
    write_database_up(exposition, true);
    write_census(exposition, census);
  } catch (const Error& error) {
    write_database_up(exposition, false);
    response.cause = error.cause();
    response.is_routine = false;
  }
  response.body = exposition.text();
  return response;
}

}  // namespace photodrop
