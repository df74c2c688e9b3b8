#include "api/photo_lists.h"

#include <utility>

#include "api/list_query.h"
#include "api/photo_json.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "http/content_coding.h"
#include "http/entity_tag.h"

namespace photodrop {
namespace {

// Where nginx keeps lists, each under its digest.
constexpr std::string_view kKeptLists = "/_lists/";

// What the name ends with where it is kept compressed.
constexpr std::string_view kGzipped = ".gz";

// The most photos of a list that nginx keeps: it is written as a whole.
constexpr std::int64_t kMostKept = 1000;

// For as long as nginx likes, up to a day: one that has changed has another digest.
constexpr const char* kKeptSeconds = "86400";

// A list is sent in pieces of about this size.
constexpr std::size_t kPieceBytes = 16 * 1024;

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

std::string name_of(const std::string& digest, bool is_gzipped) {
  return is_gzipped ? digest + std::string(kGzipped) : digest;
}

// Which of the two a reader has been given (RFC 9110 §12.5.5).
void say_what_it_depends_on(Response& response) {
  response.headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace

PhotoLists::PhotoLists(ObjectStore& objects, PhotoStore& photos, Options options)
    : objects_(objects), photos_(photos), options_(std::move(options)) {}

// Locating the page first also finds out, before anything is sent, that the database does not
// answer. An nginx that keeps lists is then sent to where it keeps this one.
Response PhotoLists::answer(const Request& request) {
  const Page page = parse_list_query(request.query, options_.most);
  const auto range = photos_.locate(page);
  const std::string digest = digest_of(page, range, signature());
  if (names_entity_tag(request.header("if-none-match"), weak_tag(digest))) {
    Response response{.status = 304, .headers = list_headers(page, range, digest)};
    say_what_it_depends_on(response);
    return response;
  }
  if (may_be_kept(request, page)) {
    const bool is_gzipped = accepts_gzip(request.header("accept-encoding"));
    const std::string place = std::string(kKeptLists) + name_of(digest, is_gzipped);
    return {.status = 200, .headers = {{"X-Accel-Redirect", place + "?" + list_query(page)}}};
  }
  Response response{.status = 200, .headers = list_headers(page, range, digest)};
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = [this, range](const BodySink& sink) { write_list(range, sink); };
  return response;
}

// Under a digest that is not known yet: nginx asks for what answer() has sent it to. Another
// list than that of the digest, because a photo has come or gone since or URLs are signed anew,
// is for this reader alone.
Response PhotoLists::answer_to_keep(const Request& request) {
  const Page page = parse_list_query(request.query, kMostKept);
  const std::string signed_as = signature();
  Json json;
  json.begin_array();
  const auto range = photos_.read(page, [&](const Photo& photo) { write(json, photo); });
  json.end_array();
  const std::string digest = digest_of(page, range, signed_as);
  Response response{.status = 200, .headers = list_headers(page, range, digest)};
  const std::string name = request.path.substr(kKeptLists.size());
  const bool is_gzipped = name.ends_with(kGzipped);
  response.headers.emplace_back("Content-Type", "application/json");
  if (is_gzipped) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = is_gzipped ? gzip(json.text()) : std::string(json.text());
  say_what_it_depends_on(response);
  if (name == name_of(digest, is_gzipped) && signature() == signed_as) {
    response.headers.emplace_back("X-Accel-Expires", kKeptSeconds);
  }
  return response;
}

// nginx itself looks at what a request for something that it keeps asks to be unchanged
// (RFC 9110 §13.1), and at no list that it does not keep.
bool PhotoLists::may_be_kept(const Request& request, const Page& page) const {
  return request.keeps_lists && options_.may_be_kept && request.method == "GET" &&
         page.limit <= kMostKept && request.header("if-match").empty() &&
         request.header("if-unmodified-since").empty();
}

// The same as long as the URLs of all objects are those of one time, place and key, as that of
// the empty key shows.
std::string PhotoLists::signature() {
  return objects_.url("").url;
}

// Two lists of one URL that have one digest are alike: they hold the same photos, with URLs of
// one signature.
std::string PhotoLists::digest_of(const Page& page, const std::optional<PageRange>& range,
                                  const std::string& signature) {
  std::string content = options_.version + "\n" + signature + "\n" + std::to_string(page.limit);
  if (range) content += (range->more ? " and more\n" : "\n") + range->fingerprint;
  return digest_name(content);
}

void PhotoLists::write(Json& json, const Photo& photo) {
  write_photo(json, photo, objects_.url(photo.key));
}

void PhotoLists::write_list(const std::optional<PageRange>& range, const BodySink& sink) {
  Json json;
  json.begin_array();
  const auto send = [&](const Photo& photo) {
    write(json, photo);
    if (json.text().size() < kPieceBytes) return;
    sink(json.text());
    json.forget_text();
  };
  if (range) photos_.each(*range, send);
  json.end_array();
  sink(json.text());
}

}  // namespace photodrop
