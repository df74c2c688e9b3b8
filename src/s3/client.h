// An S3-compatible store as the ledger's ObjectStore.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/circuit_breaker.h"
#include "base/meter.h"
#include "photos/object_store.h"
#include "s3/endpoint.h"
#include "s3/presigner.h"
#include "s3/sender.h"

namespace photodrop::s3 {

struct StoreOptions {
  Bucket bucket;  // where requests go
  Bucket
      public_bucket;  // the same bucket by the name that readers reach: URLs are signed for it
  SenderOptions sender = {};
  std::chrono::seconds presign_expires{604800};
  // URLs are signed as of the beginning of such a window, so that one object has one URL in it;
  // 0 for URLs of their own second.
  std::chrono::seconds presign_window{0};
};

// Makes the URLs by which readers open objects, signed for the public bucket as of the
// beginning of the window in which `now` lies, or of half their life if that is shorter: a
// browser that has opened one finds it in its cache. None is valid for longer than the
// credentials are.
Presigner presigner_at(const StoreOptions& options, std::chrono::sys_seconds now);

// Not for use across a fork: make one in each process.
class Client : public ObjectStore {
 public:
  // With a breaker, which must outlive the client, requests are counted there, and refused
  // while it is open; check() is not.
  explicit Client(StoreOptions options, CircuitBreaker* breaker = nullptr);

  bool is_available() const override { return sender_.is_available(); }
  PutOutcome put(const NewObject& object) override;
  void remove(std::string_view key) override;
  ObjectUrl url(std::string_view key) override;
  ObjectRequest read_request(std::string_view key) override;
  std::optional<std::string> read(std::string_view key) override;
  std::vector<StoredObject> list(std::string_view after) override;
  void check(std::chrono::milliseconds timeout) override;

  // All that is asked of the store until the next call is one piece of work, with one deadline
  // (s3/sender.h).
  void share_deadline() { sender_.share_deadline(); }

  // What the store has cost since this client was made.
  const Meter& meter() const { return sender_.meter(); }

 private:
  StoreOptions options_;
  Sender sender_;
  std::optional<Presigner> presigner_;  // that of the window in which the last URL was made
};

}  // namespace photodrop::s3
