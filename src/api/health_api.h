// The routes by which the service is watched: whether it lives, whether it can work, what it
// has done. Who may ask for them is nginx's to say (METRICS_ALLOW).
#pragma once

#include <string>

#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "metrics/statistics.h"
#include "photos/ledger_census.h"

namespace photodrop {

class HealthApi {
 public:
  // Both must outlive the API.
  HealthApi(LedgerCensus& census, Statistics& statistics, std::string version)
      : census_(census), statistics_(statistics), version_(std::move(version)) {}

  // The API must outlive the router.
  //
  // /healthz: 200 as long as a worker answers. /readyz: 200 when the database, with all
  // migrations, and the bucket answered the last probe and their circuit breakers are closed; a
  // problem that names the first that is not good otherwise. It asks neither, but wants a probe
  // (api/health_probe.h). /metrics: the statistics and the census (metrics/exposition.h);
  // without the census, and photodrop_database_up 0, when the database does not answer.
  void add_to(Router& router);

 private:
  Response tell_readiness();
  Response tell_metrics();

  LedgerCensus& census_;
  Statistics& statistics_;
  std::string version_;
};

}  // namespace photodrop
