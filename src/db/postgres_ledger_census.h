// The ledger's rows that are on their way, counted in PostgreSQL.
#pragma once

#include "db/session.h"
#include "photos/ledger_census.h"

namespace photodrop {

class PostgresLedgerCensus : public LedgerCensus {
 public:
  // The session must outlive the census.
  explicit PostgresLedgerCensus(Session& session) : session_(session) {}

  Census census() override;

 private:
  Session& session_;
};

}  // namespace photodrop
