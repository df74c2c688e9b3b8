// Where photos' bytes live: the one interface between the ledger and S3.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/pieces.h"

namespace photodrop {

// An object about to be written. Everything is borrowed for the length of the call.
struct NewObject {
  std::string_view key;
  std::string_view content_type;
  Pieces bytes;
  Sha256 sha256;  // of `bytes`
};

// What is known when a PUT is over. A time-out is never read as absence: when all the bytes
// were handed over and no answer came, the object may be there, or may yet appear.
enum class PutOutcome {
  stored,   // the store said so
  absent,   // refused, or cut short before the last byte: it is not there and will not be
  unknown,  // only the reaper can tell
};

// A URL that opens an object for whoever holds it, until it expires.
struct ObjectUrl {
  std::string url;
  std::chrono::sys_seconds expires_at;
};

// A GET of an object for somebody else to send, to where the store is reached from here.
struct ObjectRequest {
  std::string path;                                          // percent-encoded, from its '/'
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, host first
};

// An object as a list of the bucket tells of it.
struct StoredObject {
  std::string key;
  std::int64_t size;                                          // bytes
  std::chrono::sys_time<std::chrono::milliseconds> modified;  // by the store's clock
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // False while the store is known not to answer: whoever needs it is better off not to begin.
  // Nothing is asked of the store.
  virtual bool is_available() const = 0;

  // Writes the object, for readers to keep in their caches, overwriting one with the same key;
  // tries more than once within a total deadline. Every try sends the same bytes to the same
  // key, so it is harmless to repeat. What went wrong is in the log.
  virtual PutOutcome put(const NewObject& object) = 0;

  // Deletes the object; one that is not there is deleted already. Throws
  // Error{storage_unavailable} when the store does not confirm it.
  virtual void remove(std::string_view key) = 0;

  // A URL for reading the object. Nothing is asked of the store: it need not exist.
  virtual ObjectUrl url(std::string_view key) = 0;

  // A request for reading the object, to be sent within minutes: its headers hold our right to
  // it. Nothing is asked of the store.
  virtual ObjectRequest read_request(std::string_view key) = 0;

  // The whole object; nullopt when the store says that there is none. Throws
  // Error{storage_unavailable}.
  virtual std::optional<std::string> read(std::string_view key) = 0;

  // The next objects in the bucket behind the key `after` (from the start when that is empty),
  // in the order of their keys' bytes: some of them, none only at the end. Throws
  // Error{storage_unavailable}.
  virtual std::vector<StoredObject> list(std::string_view after) = 0;

  // Returns when the bucket answers within that time; it is asked once. Throws
  // Error{storage_unavailable}.
  virtual void check(std::chrono::milliseconds timeout) = 0;
};

}  // namespace photodrop
