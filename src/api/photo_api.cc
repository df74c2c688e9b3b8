#include "api/photo_api.h"

#include <string>
#include <utility>

#include "api/photo_form.h"
#include "api/photo_json.h"
#include "api/thumbnail_query.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "http/content_disposition.h"
#include "http/idempotency_key.h"
#include "http/problem.h"

namespace photodrop {
namespace {

constexpr std::string_view kPhotos = "/api/photos/";

// Where nginx passes requests to the pool that makes thumbnails.
constexpr std::string_view kThumbnails = "/_thumbnails/";

// The id in a path that begins with `prefix`. Ids are written in one way only: what has a sign,
// a zero in front or too many digits names no photo.
std::optional<std::int64_t> photo_id(const Request& request,
                                     std::string_view prefix = kPhotos) {
  const std::string_view rest = std::string_view(request.path).substr(prefix.size());
  const std::string_view text = rest.substr(0, rest.find('/'));
  const auto id = parse_integer(text);
  return id && std::to_string(*id) == text ? id : std::nullopt;
}

Error no_such_photo() {
  return {Fault::not_found, "There is no such photo."};
}

}  // namespace

PhotoApi::PhotoApi(Stores stores, Services services, PhotoLists::Options lists)
    : stores_(stores),
      services_(services),
      remover_(stores.objects, stores.cleanup),
      lists_(stores.objects, stores.photos, std::move(lists)) {}

void PhotoApi::add_to(Router& router) {
  router.add("GET", "/api/photos", behind_gate(Scope::read, &PhotoApi::list));
  router.add("GET", "/_lists/{digest}", behind_gate(Scope::read, &PhotoApi::list_to_keep));
  router.add("POST", "/api/photos", behind_gate(Scope::upload, &PhotoApi::upload));
  router.add("GET", "/api/photos/{id}", behind_gate(Scope::read, &PhotoApi::show));
  router.add("DELETE", "/api/photos/{id}", behind_gate(Scope::remove, &PhotoApi::remove));
  router.add("GET", "/api/photos/{id}/image",
             behind_gate(Scope::read, &PhotoApi::redirect_to_image));
  router.add("GET", "/api/photos/{id}/thumbnail",
             behind_gate(Scope::read, &PhotoApi::redirect_to_thumbnail));
  router.add("GET", "/_thumbnails/{id}", behind_gate(Scope::read, &PhotoApi::make_thumbnail));
}

// Nothing of the request but its head is looked at before it is let in.
Handler PhotoApi::behind_gate(Scope scope, Answer answer) {
  return [this, scope, answer](const Request& request) {
    const auto refusal = services_.gate.refuse(scope, request.header("authorization"));
    if (!refusal) return (this->*answer)(request);
    Response response = problem_response(refusal->error, request.request_id);
    response.headers.emplace_back("WWW-Authenticate", refusal->challenge);
    return response;
  };
}

// Two who hold tokens may hit upon one name: each has keys of their own.
std::string PhotoApi::idempotency_key(const Request& request) const {
  const std::string key = parse_idempotency_key(request.header("idempotency-key"));
  const std::string_view client =
      services_.gate.bearer(Scope::upload, request.header("authorization"));
  return key.empty() || client.empty() ? key : std::string(client) + "/" + key;
}

Response PhotoApi::upload(const Request& request) {
  const PhotoForm form = find_photo(request);
  const std::string key = idempotency_key(request);
  const Uploaded uploaded = services_.uploader.upload({.bytes = form.bytes,
                                                       .declared_type = form.declared_type,
                                                       .filename = form.filename,
                                                       .idempotency_key = key});
  Response response = photo_response(uploaded.photo);
  response.image_type = uploaded.photo.content_type.value_or("");
  if (uploaded.repeated) response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

Response PhotoApi::list(const Request& request) {
  return lists_.answer(request);
}

Response PhotoApi::list_to_keep(const Request& request) {
  return lists_.answer_to_keep(request);
}

Response PhotoApi::show(const Request& request) {
  return photo_response(find(request));
}

Response PhotoApi::redirect_to_image(const Request& request) {
  const Photo photo = find(request);
  Response response = redirect_to_object(photo.key, photo.filename.value_or(""));
  if (photo.content_type) response.headers.emplace_back("Content-Type", *photo.content_type);
  return response;
}

// A thumbnail that has to be made is another pool's work. Without one, as with the nginx
// configuration of version 0.1, it is made here.
Response PhotoApi::redirect_to_thumbnail(const Request& request) {
  const int box = parse_thumbnail_query(request.query);
  const auto photo = photo_id(request);
  if (!photo) throw no_such_photo();
  const ThumbnailId id{.photo = *photo, .box = box};
  if (const auto found = services_.thumbnailer.find(id)) return thumbnail_response(*found);
  if (!request.has_thumbnail_pool) return thumbnail_response(services_.thumbnailer.provide(id));
  const std::string place = std::string(kThumbnails) + std::to_string(*photo);
  return {.status = 200,
          .headers = {{"X-Accel-Redirect", place + "?w=" + std::to_string(box)}}};
}

Response PhotoApi::make_thumbnail(const Request& request) {
  const auto photo = photo_id(request, kThumbnails);
  if (!photo) throw no_such_photo();
  return thumbnail_response(services_.thumbnailer.provide(
      {.photo = *photo, .box = parse_thumbnail_query(request.query)}));
}

Response PhotoApi::thumbnail_response(const Thumbnail& thumbnail) {
  const std::string& name = thumbnail.photo_filename;
  Response response = redirect_to_object(thumbnail.key, name.empty() ? name : name + ".webp");
  response.headers.emplace_back("Content-Type", kThumbnailType);
  return response;
}

// nginx sends the bytes, from its cache or from the store, which it asks as it is told here.
// Its cache knows an object by the digest of its key: an id could come again in another
// database.
Response PhotoApi::redirect_to_object(const std::string& key, std::string_view filename) {
  const ObjectRequest read = stores_.objects.read_request(key);
  Response response{.status = 200,
                    .headers = {{"X-Accel-Redirect", "/_stored/" + hex(sha256(key))},
                                {"Content-Disposition", inline_disposition(filename)},
                                {"X-Stored-Path", read.path}}};
  for (const auto& [name, value] : read.headers) {
    response.headers.emplace_back("X-Stored-" + name, value);
  }
  return response;
}

Response PhotoApi::remove(const Request& request) {
  const auto id = photo_id(request);
  if (!id || !remover_.remove(*id)) throw no_such_photo();
  return {.status = 204};
}

Photo PhotoApi::find(const Request& request) {
  const auto id = photo_id(request);
  auto photo = id ? stores_.photos.find(*id) : std::nullopt;
  if (!photo) throw no_such_photo();
  return std::move(*photo);
}

Response PhotoApi::photo_response(const Photo& photo) {
  Json json;
  write_photo(json, photo, stores_.objects.url(photo.key));
  return {.status = 200,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = std::string(json.text())};
}

}  // namespace photodrop
