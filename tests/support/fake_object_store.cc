#include "support/fake_object_store.h"

#include "base/error.h"
#include "base/text.h"

namespace photodrop::testing {

PutOutcome FakeObjectStore::put(const NewObject& object) {
  if (during_put) during_put();
  if (put_fault == PutFault::refused || sha256(object.bytes) != object.sha256) {
    return PutOutcome::absent;
  }
  if (put_fault == PutFault::lost_request) return PutOutcome::unknown;
  objects[std::string(object.key)] = {std::string(object.content_type), object.bytes.joined()};
  return put_fault == PutFault::none ? PutOutcome::stored : PutOutcome::unknown;
}

void FakeObjectStore::remove(std::string_view key) {
  if (remove_fails) {
    throw Error(Fault::storage_unavailable, "The fake store does not delete.", "switched off");
  }
  if (const auto found = objects.find(key); found != objects.end()) objects.erase(found);
}

ObjectUrl FakeObjectStore::url(std::string_view key) {
  const std::string url =
      "https://objects.test/" + percent_encode(key) + "?signature=" + signature;
  if (after_url) after_url();
  return {url, expires_at};
}

ObjectRequest FakeObjectStore::read_request(std::string_view key) {
  return {.path = "/" + percent_encode(key),
          .headers = {{"host", "objects.test"}, {"authorization", "fake"}}};
}

std::optional<std::string> FakeObjectStore::read(std::string_view key) {
  if (read_fails) {
    throw Error(Fault::storage_unavailable, "The fake store does not read.", "switched off");
  }
  const auto found = objects.find(key);
  return found == objects.end() ? std::nullopt : std::optional(found->second.bytes);
}

std::vector<StoredObject> FakeObjectStore::list(std::string_view after) {
  if (list_fails) {
    throw Error(Fault::storage_unavailable, "The fake store does not list.", "switched off");
  }
  std::vector<StoredObject> page;
  for (auto next = objects.upper_bound(after); next != objects.end() && page.size() < list_size;
       ++next) {
    page.push_back({.key = next->first,
                    .size = static_cast<std::int64_t>(next->second.bytes.size()),
                    .modified = next->second.modified});
  }
  if (after_list) after_list();
  return page;
}

void FakeObjectStore::check(std::chrono::milliseconds /*timeout*/) {
  ++checks;
  if (check_fails) {
    throw Error(Fault::storage_unavailable, "The fake store does not answer.", "switched off");
  }
}

const FakeObjectStore::Object* FakeObjectStore::open(std::string_view opened) {
  for (const auto& [key, object] : objects) {
    if (url(key).url == opened) return &object;
  }
  return nullptr;
}

}  // namespace photodrop::testing
