// Uploads, and what the API answers when something is wrong. Lists have a file of their own.
#include "api/photo_api.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "api/api_fixture.h"
#include "base/error.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

using PhotoApiTest = ApiTest;
using PutFault = FakeObjectStore::PutFault;

Form form_with(const std::string& bytes, const std::string& type = "image/png") {
  return make_form({{"photo", "my cat.png", type, bytes}});
}

TEST_F(PhotoApiTest, AnUploadIsAnsweredWithThePhoto) {
  const std::string bytes = tiny_png(20, 10);
  const Response response = post(form_with(bytes));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.outcome, "ok");
  EXPECT_EQ(header_of(response, "Content-Type"), "application/json");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
  const std::string key = photos_.rows.at(1).photo.key;
  EXPECT_EQ(text_of(response),
            "{\"id\":1,\"photo_url\":\"" + objects_.url(key).url +
                "\",\"filename\":\"my cat.png\",\"content_type\":\"image/png\",\"size\":" +
                std::to_string(bytes.size()) + ",\"width\":20,\"height\":10,\"sha256\":\"" +
                hex(sha256(bytes)) +
                "\",\"created_at\":\"2024-02-29T12:00:00.250Z\""
                ",\"image_url\":\"/api/photos/1/image\",\"thumbnail_url\":\"/api/photos/1/"
                "thumbnail\",\"expires_at\":\"2024-03-07T12:00:00Z\"}");
}

TEST_F(PhotoApiTest, TheUrlOpensThePhoto) {
  const std::string bytes = tiny_jpeg();
  const JsonValue photo = json_of(post(form_with(bytes)));
  const auto* const object = objects_.open(photo["photo_url"].text());
  ASSERT_NE(object, nullptr);
  EXPECT_EQ(object->bytes, bytes);
  EXPECT_EQ(object->content_type, "image/jpeg");
}

TEST_F(PhotoApiTest, TakesARawPhoto) {
  const std::string bytes = tiny_webp();
  Request raw = request("POST", "/api/photos");
  raw.content_type = "image/webp";
  raw.headers["x-filename"] = "%C3%BC.webp";
  raw.body = bytes;
  const Response response = ask(raw);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json_of(response)["filename"].text(), "\xC3\xBC.webp");
}

TEST_F(PhotoApiTest, TheQueryOfAnUploadMeansNothing) {
  const std::string bytes = tiny_gif();
  Request raw = request("POST", "/api/photos", "limit=x");
  raw.content_type = "image/gif";
  raw.body = bytes;
  EXPECT_EQ(ask(raw).status, 200);
}

TEST_F(PhotoApiTest, EveryRefusalIsAProblem) {
  const std::string bytes = tiny_png();
  expect_problem(post({"multipart/form-data", ""}), 400, "malformed-upload");
  expect_problem(post(form_with(bytes, "text/plain")), 400, "unsupported-type");
  expect_problem(post(form_with("no image")), 400, "unsupported-type");
  expect_problem(post(form_with(bytes.substr(0, 40))), 400, "invalid-image");
  expect_problem(post(form_with(std::string(5 * 1024 * 1024 + 1, 'x'))), 413, "too-large");
  expect_problem(post(make_form({})), 422, "missing-photo");
  expect_problem(post({"", ""}), 422, "missing-photo");
  EXPECT_TRUE(photos_.rows.empty());
  EXPECT_TRUE(objects_.objects.empty());
}

TEST_F(PhotoApiTest, AStoreThatFailsIsAProblem) {
  for (const PutFault fault :
       {PutFault::refused, PutFault::lost_request, PutFault::lost_answer}) {
    objects_.put_fault = fault;
    expect_problem(post(form_with(tiny_png())), 503, "storage-unavailable");
  }
}

TEST_F(PhotoApiTest, ALedgerThatFailsIsAProblem) {
  photos_.finish_failure = FakePhotoStore::Failure::before_commit;
  expect_problem(post(form_with(tiny_png())), 503, "database-unavailable");
  photos_.begin_failure = FakePhotoStore::Failure::before_commit;
  expect_problem(post(form_with(tiny_png())), 503, "database-unavailable");
}

TEST_F(PhotoApiTest, TheCauseIsForTheLogAlone) {
  photos_.begin_failure = FakePhotoStore::Failure::before_commit;
  const Response response = post(form_with(tiny_png()));
  EXPECT_EQ(response.cause, "switched off");
  EXPECT_EQ(text_of(response).find("switched off"), std::string::npos);
}

TEST_F(PhotoApiTest, TellsTheLogTheRouteAndTheTrueTypeOfWhatItTook) {
  const Response taken = post(form_with(tiny_png(), "image/jpeg"));
  EXPECT_EQ(taken.route, "/api/photos");
  EXPECT_EQ(taken.image_type, "image/png");
  EXPECT_EQ(post(form_with("no image", "image/jpeg")).image_type, "");
  EXPECT_EQ(list().image_type, "");
  EXPECT_EQ(ask(request("GET", "/api/photos/17/image")).route, "/api/photos/{id}/image");
}

TEST_F(PhotoApiTest, ABugIsAProblemThatTellsNothing) {
  objects_.during_put = [] { throw std::logic_error("a secret of the code"); };
  const Response response = post(form_with(tiny_png()));
  expect_problem(response, 500, "internal");
  EXPECT_EQ(response.cause, "a secret of the code");
  EXPECT_EQ(text_of(response).find("secret"), std::string::npos);
  objects_.during_put = nullptr;
  EXPECT_EQ(post(form_with(tiny_png())).status, 200) << "the next request is answered";
}

TEST_F(PhotoApiTest, TellsTheClientsTextCleanly) {
  const Response response = post(form_with(tiny_png(), "text/\x01\"\xFF<script>"));
  expect_problem(response, 400, "unsupported-type");
  EXPECT_NE(json_of(response)["detail"].text().find("text/\"\xEF\xBF\xBD<script>"),
            std::string::npos);
}

TEST_F(PhotoApiTest, OtherAddressesAreNotFound) {
  for (const char* const path : {"/", "", "/api", "/api/photo", "/api/photos/", "/api/photosx",
                                 "/API/photos", "/api//photos", "/api/photos/1"}) {
    expect_problem(ask(request("GET", path)), 404, "not-found");
  }
}

TEST_F(PhotoApiTest, OtherMethodsAreNotAllowed) {
  for (const char* const method : {"PUT", "DELETE", "PATCH", "OPTIONS", "get", ""}) {
    const Response response = ask(request(method, "/api/photos"));
    expect_problem(response, 405, "method-not-allowed");
    EXPECT_EQ(header_of(response, "Allow"), "GET, HEAD, POST");
  }
}

}  // namespace
}  // namespace photodrop::testing
