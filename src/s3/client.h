// An S3-compatible store as the ledger's ObjectStore.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <string_view>

#include "photos/object_store.h"
#include "s3/curl.h"
#include "s3/endpoint.h"
#include "s3/signer.h"

namespace photodrop::s3 {

struct StoreOptions {
  Bucket bucket;  // where requests go
  Bucket
      public_bucket;  // the same bucket by the name that readers reach: URLs are signed for it
  std::string region = "us-east-1";
  Credentials credentials;
  std::chrono::seconds presign_expires{604800};
  // For all attempts of one PUT or DELETE together. Less than nginx's patience (60 s).
  std::chrono::milliseconds deadline{40000};
};

// Not for use across a fork: make one in each process.
class Client : public ObjectStore {
 public:
  explicit Client(StoreOptions options);

  PutOutcome put(const NewObject& object) override;
  void remove(std::string_view key) override;
  ObjectUrl url(std::string_view key) override;

 private:
  // A request that is signed anew, with the time of the day, for each attempt.
  struct Request {
    std::string method;
    std::string_view key;
    std::vector<Field> headers;
    std::string payload_hash;
    std::string_view body;
  };

  // What all attempts together came to.
  struct Result {
    HttpReply last;
    bool may_have_landed = false;  // a PUT, by any attempt
    bool done = false;
  };

  Result attempt(const Request& request);
  HttpReply perform(const Request& request, std::chrono::milliseconds timeout);

  StoreOptions options_;
  Curl curl_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace photodrop::s3
