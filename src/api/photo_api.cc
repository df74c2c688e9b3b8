#include "api/photo_api.h"

#include <exception>
#include <string>

#include "api/list_query.h"
#include "api/photo_form.h"
#include "api/photo_json.h"
#include "base/json.h"
#include "http/problem.h"

namespace photodrop {

PhotoApi::PhotoApi(Stores stores, Uploader& uploader, std::int64_t list_max)
    : stores_(stores), uploader_(uploader), list_max_(list_max) {
  router_.add("GET", "/api/photos", [this](const Request& request) { return list(request); });
  router_.add("POST", "/api/photos",
              [this](const Request& request) { return upload(request); });
}

Response PhotoApi::handle(const Request& request) {
  try {
    return router_.dispatch(request);
  } catch (const Error& error) {
    return problem_response(error, request.request_id);
  } catch (const std::exception& error) {
    return problem_response({Fault::internal, "The service made an error.", error.what()},
                            request.request_id);
  }
}

Response PhotoApi::upload(const Request& request) {
  const Photo photo = uploader_.upload(find_photo(request).upload());
  Json json;
  write_photo(json, photo, stores_.objects.url(photo.key));
  return {.status = 200,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = std::string(json.text())};
}

// Locating the page first also finds out, before anything is sent, that the database does not
// answer.
Response PhotoApi::list(const Request& request) {
  const Page page = parse_list_query(request.query, list_max_);
  const auto range = stores_.photos.locate(page);
  Response response{
      .status = 200,
      .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
      .body = [this, range](const BodySink& sink) { write_list(range, sink); }};
  if (range && range->more) {
    response.headers.emplace_back("Link", next_link(page, range->last));
  }
  return response;
}

void PhotoApi::write_list(const std::optional<PageRange>& range, const BodySink& sink) {
  if (!range) return sink("[]");
  Json json;
  std::string_view separator = "[";
  stores_.photos.each(*range, [&](const Photo& photo) {
    json.clear();
    write_photo(json, photo, stores_.objects.url(photo.key));
    sink(separator);
    sink(json.text());
    separator = ",";
  });
  sink(separator == "[" ? "[]" : "]");
}

}  // namespace photodrop
