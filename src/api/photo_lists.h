// Lists of photos: a page of them, told by an entity tag, and what nginx keeps of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"
#include "http/request.h"
#include "http/response.h"
#include "photos/object_store.h"
#include "photos/photo_store.h"

namespace photodrop {

class PhotoLists {
 public:
  struct Options {
    std::int64_t most;        // photos in one, and as many when the client names no limit
    std::string version;      // of the program: another one may write the same photos otherwise
    bool may_be_kept = true;  // by nginx: their URLs stay the same for a while
  };

  // Both must outlive this and every response that it made.
  PhotoLists(ObjectStore& objects, PhotoStore& photos, Options options);

  // The list that the query asks for: as it is, or 304 when the client has it, or for an nginx
  // that keeps lists where it keeps this one, compressed when the client takes that. Throws
  // Error{invalid_parameter} and Error{database_unavailable}.
  Response answer(const Request& request);

  // What nginx gets there, and whether it may keep it.
  Response answer_to_keep(const Request& request);

 private:
  bool may_be_kept(const Request& request, const Page& page) const;
  std::string signature();
  std::string digest_of(const Page& page, const std::optional<PageRange>& range,
                        const std::string& signature);
  void write(Json& json, const Photo& photo);
  void write_list(const std::optional<PageRange>& range, const BodySink& sink);

  ObjectStore& objects_;
  PhotoStore& photos_;
  Options options_;
};

}  // namespace photodrop
