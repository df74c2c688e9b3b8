// The ledger in PostgreSQL, watched: its rows that are on their way, its migrations.
#pragma once

#include "db/session.h"
#include "photos/ledger_census.h"

namespace photodrop {

class PostgresLedgerCensus : public LedgerCensus {
 public:
  // The session must outlive the census.
  explicit PostgresLedgerCensus(Session& session) : session_(session) {}

  Census census() override;
  void check() override;

 private:
  Session& session_;
};

}  // namespace photodrop
