// The ledger's rows that have to go, in PostgreSQL.
#pragma once

#include "db/session.h"
#include "photos/cleanup_queue.h"

namespace photodrop {

class PostgresCleanupQueue : public CleanupQueue {
 public:
  // The session must outlive the queue.
  explicit PostgresCleanupQueue(Session& session) : session_(session) {}

  LedgerTime now() override;
  std::optional<Doomed> take(std::int64_t id, std::chrono::seconds lease) override;
  std::optional<Doomed> take_due(LedgerTime time, std::chrono::seconds lease) override;
  void bury(const Doomed& doomed, std::chrono::seconds rest) override;
  void put_back(const Doomed& doomed) override;
  std::int64_t forget_keys(std::chrono::seconds age) override;

 private:
  std::optional<Doomed> take_once(std::int64_t id, std::chrono::seconds lease);

  Session& session_;
};

}  // namespace photodrop
