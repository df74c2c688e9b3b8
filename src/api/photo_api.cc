#include "api/photo_api.h"

#include <string>
#include <utility>

#include "api/list_query.h"
#include "api/photo_form.h"
#include "api/photo_json.h"
#include "api/thumbnail_query.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "http/content_disposition.h"
#include "http/entity_tag.h"
#include "http/idempotency_key.h"
#include "http/problem.h"

namespace photodrop {
namespace {

constexpr std::string_view kPhotos = "/api/photos/";

// Where nginx keeps lists, each under its digest.
constexpr std::string_view kKeptLists = "/_lists/";

constexpr std::size_t kDigestDigits = 32;  // 128 bits

// The most photos of a list that nginx keeps: it is written as a whole.
constexpr std::int64_t kMostKept = 1000;

// For as long as nginx likes, up to a day: one that has changed has another digest.
constexpr const char* kKeptSeconds = "86400";

// A list is sent in pieces of about this size.
constexpr std::size_t kPieceBytes = 16 * 1024;

// The id in the path of a photo or of something of its. Ids are written in one way only: what
// has a sign, a zero in front or too many digits names no photo.
std::optional<std::int64_t> photo_id(const Request& request) {
  const std::string_view rest = std::string_view(request.path).substr(kPhotos.size());
  const std::string_view text = rest.substr(0, rest.find('/'));
  const auto id = parse_integer(text);
  return id && std::to_string(*id) == text ? id : std::nullopt;
}

Error no_such_photo() {
  return {Fault::not_found, "There is no such photo."};
}

// Weak, because a photo that comes or goes while a list is being sent may be in it or not.
std::string weak_tag(const std::string& digest) {
  return "W/\"" + digest + "\"";
}

Response::Headers list_headers(const Page& page, const std::optional<PageRange>& range,
                               const std::string& digest) {
  Response::Headers headers{{"ETag", weak_tag(digest)}, {"Cache-Control", "private, no-cache"}};
  if (range && range->more) headers.emplace_back("Link", next_link(page, range->last));
  return headers;
}

}  // namespace

PhotoApi::PhotoApi(Stores stores, Services services, Lists lists)
    : stores_(stores),
      services_(services),
      remover_(stores.objects, stores.cleanup),
      lists_(std::move(lists)) {}

void PhotoApi::add_to(Router& router) {
  router.add("GET", "/api/photos", behind_gate(Scope::read, &PhotoApi::list));
  router.add("GET", "/_lists/{digest}", behind_gate(Scope::read, &PhotoApi::list_to_keep));
  router.add("POST", "/api/photos", behind_gate(Scope::upload, &PhotoApi::upload));
  router.add("GET", "/api/photos/{id}", behind_gate(Scope::read, &PhotoApi::show));
  router.add("DELETE", "/api/photos/{id}", behind_gate(Scope::remove, &PhotoApi::remove));
  router.add("GET", "/api/photos/{id}/image",
             behind_gate(Scope::read, &PhotoApi::hand_over_image));
  router.add("GET", "/api/photos/{id}/thumbnail",
             behind_gate(Scope::read, &PhotoApi::hand_over_thumbnail));
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

Response PhotoApi::upload(const Request& request) {
  const PhotoForm form = find_photo(request);
  const std::string key = parse_idempotency_key(request.header("idempotency-key"));
  const Uploaded uploaded = services_.uploader.upload({.bytes = form.bytes,
                                                       .declared_type = form.declared_type,
                                                       .filename = form.filename,
                                                       .idempotency_key = key});
  Response response = photo_response(uploaded.photo);
  response.image_type = uploaded.photo.content_type.value_or("");
  if (uploaded.repeated) response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

Response PhotoApi::show(const Request& request) {
  return photo_response(find(request));
}

Response PhotoApi::hand_over_image(const Request& request) {
  const Photo photo = find(request);
  Response response = hand_over(photo.key, photo.filename.value_or(""));
  if (photo.content_type) response.headers.emplace_back("Content-Type", *photo.content_type);
  return response;
}

Response PhotoApi::hand_over_thumbnail(const Request& request) {
  const int box = parse_thumbnail_query(request.query);
  const auto id = photo_id(request);
  if (!id) throw no_such_photo();
  const Thumbnail thumbnail = services_.thumbnailer.provide({.photo = *id, .box = box});
  const std::string& name = thumbnail.photo_filename;
  Response response = hand_over(thumbnail.key, name.empty() ? name : name + ".webp");
  response.headers.emplace_back("Content-Type", kThumbnailType);
  return response;
}

// nginx sends the bytes, from its cache or from the store, which it asks as it is told here.
// Its cache knows an object by the digest of its key: an id could come again in another
// database.
Response PhotoApi::hand_over(const std::string& key, std::string_view filename) {
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

// Locating the page first also finds out, before anything is sent, that the database does not
// answer. An nginx that keeps lists is then sent to where it keeps this one.
Response PhotoApi::list(const Request& request) {
  const Page page = parse_list_query(request.query, lists_.most);
  const auto range = stores_.photos.locate(page);
  const std::string digest = digest_of(page, range, signature());
  if (names_entity_tag(request.header("if-none-match"), weak_tag(digest))) {
    return {.status = 304, .headers = list_headers(page, range, digest)};
  }
  if (may_be_kept(request, page)) {
    const std::string place = std::string(kKeptLists) + digest + "?" + list_query(page);
    return {.status = 200, .headers = {{"X-Accel-Redirect", place}}};
  }
  Response response{.status = 200, .headers = list_headers(page, range, digest)};
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = [this, range](const BodySink& sink) { write_list(range, sink); };
  return response;
}

// Under a digest that is not known yet: nginx asks for what list() has sent it to. Another list
// than that of the digest, because a photo has come or gone since or URLs are signed anew, is
// for this reader alone.
Response PhotoApi::list_to_keep(const Request& request) {
  const Page page = parse_list_query(request.query, kMostKept);
  const std::string signed_as = signature();
  Json json;
  json.begin_array();
  const auto range = stores_.photos.read(page, [&](const Photo& photo) { write(json, photo); });
  json.end_array();
  const std::string digest = digest_of(page, range, signed_as);
  Response response{.status = 200,
                    .headers = list_headers(page, range, digest),
                    .body = std::string(json.text())};
  response.headers.emplace_back("Content-Type", "application/json");
  if (request.path.substr(kKeptLists.size()) == digest && signature() == signed_as) {
    response.headers.emplace_back("X-Accel-Expires", kKeptSeconds);
  }
  return response;
}

// nginx itself looks at what a request for something that it keeps asks to be unchanged
// (RFC 9110 §13.1), and at no list that it does not keep.
bool PhotoApi::may_be_kept(const Request& request, const Page& page) const {
  return request.keeps_lists && lists_.may_be_kept && request.method == "GET" &&
         page.limit <= kMostKept && request.header("if-match").empty() &&
         request.header("if-unmodified-since").empty();
}

// The same as long as the URLs of all objects are those of one time, place and key, as that of
// the empty key shows.
std::string PhotoApi::signature() {
  return stores_.objects.url("").url;
}

// Two lists of one URL that have one digest are alike: they hold the same photos, with URLs of
// one signature.
std::string PhotoApi::digest_of(const Page& page, const std::optional<PageRange>& range,
                                const std::string& signature) {
  std::string content = lists_.version + "\n" + signature + "\n" + std::to_string(page.limit);
  if (range) content += (range->more ? " and more\n" : "\n") + range->fingerprint;
  return hex(sha256(content)).substr(0, kDigestDigits);
}

void PhotoApi::write(Json& json, const Photo& photo) {
  write_photo(json, photo, stores_.objects.url(photo.key));
}

void PhotoApi::write_list(const std::optional<PageRange>& range, const BodySink& sink) {
  Json json;
  json.begin_array();
  const auto send = [&](const Photo& photo) {
    write(json, photo);
    if (json.text().size() < kPieceBytes) return;
    sink(json.text());
    json.forget_text();
  };
  if (range) stores_.photos.each(*range, send);
  json.end_array();
  sink(json.text());
}

}  // namespace photodrop
