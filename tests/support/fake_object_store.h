// An object store in memory that can be told to misbehave as real ones do. It keeps the
// contract (support/object_store_contract.h).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "photos/object_store.h"

namespace photodrop::testing {

class FakeObjectStore : public ObjectStore {
 public:
  struct Object {
    std::string content_type;
    std::string bytes;
    std::chrono::sys_time<std::chrono::milliseconds> modified = {};
  };

  enum class PutFault {
    none,
    refused,       // absent: nothing is written
    lost_request,  // unknown, and nothing is written
    lost_answer,   // unknown, and the object is there
  };

  bool is_available() const override { return available; }
  PutOutcome put(const NewObject& object) override;
  void remove(std::string_view key) override;
  ObjectUrl url(std::string_view key) override;
  ObjectRequest read_request(std::string_view key) override;
  std::optional<std::string> read(std::string_view key) override;
  std::vector<StoredObject> list(std::string_view after) override;
  void check(std::chrono::milliseconds timeout) override;

  // What a reader gets who opens a URL of this store; nullptr when nothing is there.
  const Object* open(std::string_view url);

  // The switches. Each stays as it is set.
  bool available = true;
  PutFault put_fault = PutFault::none;
  bool remove_fails = false;
  bool list_fails = false;
  bool check_fails = false;
  bool read_fails = false;
  std::size_t list_size = 3;         // objects on one page of a list
  std::function<void()> after_list;  // called when a page was read
  std::function<void()> after_url;   // called when a URL was made
  std::function<void()> during_put;  // called while the PUT is under way
  std::string signature = "fake";    // of URLs
  std::chrono::sys_seconds expires_at{std::chrono::sys_days(std::chrono::days(40'000))};

  std::map<std::string, Object, std::less<>> objects;  // by key
  int checks = 0;                                      // made so far
};

}  // namespace photodrop::testing
