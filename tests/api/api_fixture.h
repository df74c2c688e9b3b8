// The API over stores in memory, and how a test asks it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "api/photo_api.h"
#include "photos/uploader.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/fake_thumbnail_maker.h"
#include "support/fake_token_store.h"
#include "support/form.h"
#include "support/json_fixture.h"

namespace photodrop::testing {

class ApiTest : public ::testing::Test {
 protected:
  static constexpr std::int64_t kListMax = 50;
  static constexpr const char* kRequestId = "0123456789abcdef0123456789abcdef";

  ApiTest() {
    using std::chrono::year;
    objects_.expires_at = std::chrono::sys_days(year(2024) / 3 / 7) + std::chrono::hours(12);
    api_.add_to(router_);
  }

  // So many photos of the lesson's, with the ids from 1 up.
  void fill(std::int64_t count) {
    for (std::int64_t i = 1; i <= count; ++i) {
      photos_.insert_as_lesson("uuid_" + std::to_string(i) + ".jpg");
    }
  }

  static Request request(const std::string& method, const std::string& path,
                         const std::string& query = "") {
    Request made;
    made.method = method;
    made.path = path;
    made.query = query;
    made.request_id = kRequestId;
    return made;
  }

  Response ask(const Request& asked) const { return router_.dispatch(asked); }

  // The form need not outlive the call: the answer to an upload holds nothing of it.
  Response post(const Form& form) {
    Request made = request("POST", "/api/photos");
    made.content_type = form.content_type;
    made.body = form.body;
    return ask(made);
  }

  Response list(const std::string& query = "") {
    return ask(request("GET", "/api/photos", query));
  }

  // The pieces of a body in the order in which they would be sent.
  static std::vector<std::string> pieces_of(const Response& response) {
    if (const auto* const text = std::get_if<std::string>(&response.body)) return {*text};
    std::vector<std::string> pieces;
    std::get<BodyProducer>(response.body)(
        [&](std::string_view piece) { pieces.emplace_back(piece); });
    return pieces;
  }

  static std::string text_of(const Response& response) {
    std::string text;
    for (const std::string& piece : pieces_of(response)) text += piece;
    return text;
  }

  static JsonValue json_of(const Response& response) { return parse_json(text_of(response)); }

  // The header's value; "none" without it.
  static std::string header_of(const Response& response, const std::string& name) {
    for (const auto& [header, value] : response.headers) {
      if (header == name) return value;
    }
    return "none";
  }

  // Fails unless the response is a problem of RFC 9457 with these.
  static void expect_problem(const Response& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.outcome, code);
    EXPECT_EQ(header_of(response, "Content-Type"), "application/problem+json");
    EXPECT_EQ(header_of(response, "Retry-After"),
              status == 503 || status == 409 ? "5" : "none");
    const JsonValue problem = json_of(response);
    EXPECT_EQ(problem["type"].text(), "about:blank");
    EXPECT_EQ(problem["status"].number(), status);
    EXPECT_EQ(problem["code"].text(), code);
    EXPECT_EQ(problem["request_id"].text(), kRequestId);
    EXPECT_FALSE(problem["title"].text().empty());
    EXPECT_EQ(problem["detail"].text().back(), '.');
    EXPECT_EQ(problem.members().size(), 6U);
  }

  FakeObjectStore objects_;
  FakePhotoStore photos_;
  Uploader uploader_{objects_, photos_, {}};
  FakeTokenStore tokens_;
  Gate gate_{Auth::off, tokens_};
  FakeThumbnailMaker maker_;
  Thumbnailer thumbnailer_{{objects_, photos_, maker_}, std::chrono::milliseconds(0)};
  PhotoApi api_{
      {objects_, photos_, photos_}, {uploader_, thumbnailer_, gate_}, {kListMax, "1.0"}};
  Router router_;
};

}  // namespace photodrop::testing
