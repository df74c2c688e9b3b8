// The routes of the API and what each of them does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/gate.h"
#include "api/photo_lists.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "photos/cleanup_queue.h"
#include "photos/object_store.h"
#include "photos/photo_store.h"
#include "photos/remover.h"
#include "photos/thumbnailer.h"
#include "photos/uploader.h"

namespace photodrop {

class PhotoApi {
 public:
  struct Stores {
    ObjectStore& objects;
    PhotoStore& photos;
    CleanupQueue& cleanup;
  };

  struct Services {
    Uploader& uploader;
    Thumbnailer& thumbnailer;
    Gate& gate;
  };

  // What is referred to must outlive the API and every response that it made.
  PhotoApi(Stores stores, Services services, PhotoLists::Options lists);

  // The API must outlive the router.
  void add_to(Router& router);

 private:
  using Answer = Response (PhotoApi::*)(const Request&);

  Handler behind_gate(Scope scope, Answer answer);
  std::string idempotency_key(const Request& request) const;
  Response upload(const Request& request);
  Response list(const Request& request);
  Response list_to_keep(const Request& request);
  Response show(const Request& request);
  Response remove(const Request& request);
  Response redirect_to_image(const Request& request);
  Response redirect_to_thumbnail(const Request& request);
  Response make_thumbnail(const Request& request);
  Response thumbnail_response(const Thumbnail& thumbnail);
  Response redirect_to_object(const std::string& key, std::string_view filename);
  Photo find(const Request& request);
  Response photo_response(const Photo& photo);

  Stores stores_;
  Services services_;
  Remover remover_;
  PhotoLists lists_;
};

}  // namespace photodrop
