// One photo at its own address, and uploads that are repeated.
#include <gtest/gtest.h>

#include "api/api_fixture.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

class PhotoItemApiTest : public ApiTest {
 protected:
  Response at(const std::string& method, const std::string& id) {
    return ask(request(method, "/api/photos/" + id));
  }

  Response post_with_key(const std::string& bytes, const std::string& key) {
    Request raw = request("POST", "/api/photos");
    raw.content_type = "image/gif";
    raw.headers["idempotency-key"] = key;
    raw.body = bytes;
    return ask(raw);
  }
};

TEST_F(PhotoItemApiTest, APhotoHasAnAddress) {
  const Response uploaded = post_with_key(tiny_gif(), "");
  const Response shown = at("GET", "1");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(header_of(shown, "Content-Type"), "application/json");
  EXPECT_EQ(header_of(shown, "Cache-Control"), "no-store");
  EXPECT_EQ(text_of(shown), text_of(uploaded));
  EXPECT_EQ(at("HEAD", "1").status, 200);
}

TEST_F(PhotoItemApiTest, IdsThatNameNoPhotoAreNotFound) {
  photos_.insert_as_lesson("uuid_a.jpg");
  for (const char* const id :
       {"0", "2", "-1", "+1", "01", "1x", "x", " 1", "1 ", "1.0", "1e0", "%31", "-0",
        "9223372036854775807", "9223372036854775808", "99999999999999999999999999"}) {
    expect_problem(at("GET", id), 404, "not-found");
    expect_problem(at("DELETE", id), 404, "not-found");
  }
  expect_problem(at("GET", ""), 404, "not-found");
  EXPECT_EQ(photos_.rows.size(), 1U);
}

TEST_F(PhotoItemApiTest, ADeletedPhotoIsGone) {
  post_with_key(tiny_gif(), "");
  const Response deleted = at("DELETE", "1");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(text_of(deleted), "");
  EXPECT_TRUE(objects_.objects.empty());
  EXPECT_EQ(text_of(list()), "[]");
  expect_problem(at("GET", "1"), 404, "not-found");
  expect_problem(at("DELETE", "1"), 404, "not-found");
}

TEST_F(PhotoItemApiTest, ThePermanentLinkHandsTheImageOverToNginx) {
  const JsonValue photo = json_of(post_with_key(tiny_gif(), ""));
  const std::string key = objects_.objects.begin()->first;
  const Response handed = ask(request("GET", photo["image_url"].text()));
  EXPECT_EQ(handed.status, 200);
  EXPECT_EQ(header_of(handed, "X-Accel-Redirect"), "/_stored/" + hex(sha256(key)));
  EXPECT_EQ(header_of(handed, "X-Stored-Path"), "/" + key);
  EXPECT_EQ(header_of(handed, "X-Stored-host"), "objects.test");
  EXPECT_EQ(header_of(handed, "X-Stored-authorization"), "fake");
  EXPECT_EQ(header_of(handed, "Content-Type"), "image/gif");
  EXPECT_EQ(header_of(handed, "Content-Disposition"), "inline");
  EXPECT_EQ(text_of(handed), "");
  at("DELETE", "1");
  expect_problem(ask(request("GET", "/api/photos/1/image")), 404, "not-found");
  expect_problem(ask(request("GET", "/api/photos/x/image")), 404, "not-found");
}

TEST_F(PhotoItemApiTest, TakesNoOtherMethods) {
  const Response refused = at("PUT", "1");
  expect_problem(refused, 405, "method-not-allowed");
  EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD, DELETE");
}

TEST_F(PhotoItemApiTest, ADatabaseThatFailsIsAProblem) {
  photos_.locate_fails = true;
  photos_.take_failure = FakePhotoStore::Failure::before_commit;
  expect_problem(at("GET", "1"), 503, "database-unavailable");
  expect_problem(at("DELETE", "1"), 503, "database-unavailable");
}

TEST_F(PhotoItemApiTest, ARepeatedUploadHasTheSameAnswerAndSaysSo) {
  const Response first = post_with_key(tiny_gif(), "\"k\"");
  EXPECT_EQ(header_of(first, "Idempotent-Replayed"), "none");
  const Response again = post_with_key(tiny_gif(), "k");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(text_of(again), text_of(first));
  EXPECT_EQ(photos_.rows.size(), 1U);
}

TEST_F(PhotoItemApiTest, AKeyForOtherBytesIsAProblem) {
  post_with_key(tiny_gif(), "k");
  expect_problem(post_with_key(tiny_png(), "k"), 422, "idempotency-mismatch");
}

TEST_F(PhotoItemApiTest, AKeyInUseIsAProblemThatPasses) {
  Response refused;
  objects_.during_put = [&] {
    objects_.during_put = nullptr;
    refused = post_with_key(tiny_gif(), "k");
  };
  EXPECT_EQ(post_with_key(tiny_gif(), "k").status, 200);
  expect_problem(refused, 409, "in-progress");
}

TEST_F(PhotoItemApiTest, ABadKeyIsAProblemAndLeavesNothing) {
  expect_problem(post_with_key(tiny_gif(), "two keys"), 422, "invalid-parameter");
  EXPECT_TRUE(photos_.rows.empty());
}

}  // namespace
}  // namespace photodrop::testing
