// The routes by which the service is watched: whether it lives, whether it can work, what it
// has done. Who may ask for them is nginx's to say (METRICS_ALLOW).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "metrics/statistics.h"
#include "photos/ledger_census.h"
#include "photos/object_store.h"

namespace photodrop {

class HealthApi {
 public:
  struct Sources {
    ObjectStore& objects;
    LedgerCensus& census;
    const Statistics& statistics;
  };

  // The sources must outlive the API.
  HealthApi(Sources sources, std::string version)
      : sources_(sources), version_(std::move(version)) {}

  // The API must outlive the router.
  //
  // /healthz: 200 as long as a worker answers. /readyz: 200 when the database, with all
  // migrations, and the bucket answered within the last two seconds, a problem that names the
  // first that did not otherwise. /metrics: the statistics and the census
  // (metrics/exposition.h); without the census, and photodrop_database_up 0, when the database
  // does not answer.
  void add_to(Router& router);

 private:
  Response tell_readiness();
  Response tell_metrics();
  std::optional<Error> find_fault();

  Sources sources_;
  std::string version_;
  std::chrono::steady_clock::time_point known_until_;
  std::optional<Error> fault_;
};

}  // namespace photodrop
