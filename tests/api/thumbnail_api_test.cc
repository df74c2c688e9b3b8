// A photo's thumbnail at its permanent link.
#include <gtest/gtest.h>

#include "api/api_fixture.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

class ThumbnailApiTest : public ApiTest {
 protected:
  Response upload() { return post(make_form({{"photo", "cat.gif", "image/gif", tiny_gif()}})); }

  Response thumbnail(const std::string& query = "", const std::string& id = "1") {
    return ask(request("GET", "/api/photos/" + id + "/thumbnail", query));
  }

  std::string key() const { return photos_.rows.at(1).photo.key; }
};

TEST_F(ThumbnailApiTest, ItIsMadeAndHandedOverToNginx) {
  const JsonValue photo = json_of(upload());
  EXPECT_EQ(photo["thumbnail_url"].text(), "/api/photos/1/thumbnail");
  const Response handed = thumbnail();
  const std::string thumbnail_key = key() + ".640.webp";
  EXPECT_EQ(handed.status, 200);
  EXPECT_EQ(header_of(handed, "X-Accel-Redirect"), "/_stored/" + hex(sha256(thumbnail_key)));
  EXPECT_EQ(header_of(handed, "X-Stored-Path"), "/" + thumbnail_key);
  EXPECT_EQ(header_of(handed, "Content-Type"), "image/webp");
  EXPECT_EQ(header_of(handed, "Content-Disposition"), "inline; filename=\"cat.gif.webp\"");
  EXPECT_EQ(objects_.objects.count(thumbnail_key), 1U);
  EXPECT_EQ(maker_.images, std::vector{tiny_gif()});
}

TEST_F(ThumbnailApiTest, IsMadeByThePoolForItWhereThereIsOne) {
  upload();
  Request asked = request("GET", "/api/photos/1/thumbnail", "w=320");
  asked.has_thumbnail_pool = true;
  const Response passed_on = ask(asked);
  EXPECT_EQ(header_of(passed_on, "X-Accel-Redirect"), "/_thumbnails/1?w=320");
  EXPECT_TRUE(maker_.boxes.empty());
  const Response made = ask(request("GET", "/_thumbnails/1", "w=320"));
  EXPECT_EQ(header_of(made, "X-Stored-Path"), "/" + key() + ".320.webp");
  EXPECT_EQ(maker_.boxes, std::vector{320});
  EXPECT_EQ(header_of(ask(asked), "X-Stored-Path"), "/" + key() + ".320.webp")
      << "once it is there, any worker redirects to it";
}

TEST_F(ThumbnailApiTest, OfWhatHasNoneThereIsNothingToPassOn) {
  upload();
  maker_.answer = std::nullopt;
  expect_problem(thumbnail(), 404, "no-thumbnail");
  for (const auto& [id, code] : {std::pair("1", "no-thumbnail"), std::pair("2", "not-found")}) {
    Request asked = request("GET", "/api/photos/" + std::string(id) + "/thumbnail");
    asked.has_thumbnail_pool = true;
    expect_problem(ask(asked), 404, code);
    expect_problem(ask(request("GET", "/_thumbnails/" + std::string(id))), 404, code);
  }
}

TEST_F(ThumbnailApiTest, ComesInThreeSizes) {
  photos_.insert_as_lesson("uuid_cat.jpg");
  objects_.objects["uuid_cat.jpg"] = {"image/jpeg", tiny_jpeg()};
  for (const std::string size : {"320", "640", "1280"}) {
    EXPECT_EQ(header_of(thumbnail("w=" + size), "X-Stored-Path"),
              "/uuid_cat.jpg." + size + ".webp");
  }
  EXPECT_EQ(maker_.boxes, (std::vector{320, 640, 1280}));
  EXPECT_EQ(header_of(thumbnail(), "Content-Disposition"), "inline");
}

TEST_F(ThumbnailApiTest, ComesInNoOtherSize) {
  photos_.insert_as_lesson("uuid_cat.jpg");
  for (const std::string query : {"w=0", "w=641", "w=", "w=-640", "w=640x", "w=640&w=640"}) {
    expect_problem(thumbnail(query), 422, "invalid-parameter");
  }
  EXPECT_TRUE(photos_.rows.at(1).thumbnails.empty());
}

TEST_F(ThumbnailApiTest, OfWhatIsNotThereThereIsNone) {
  for (const std::string id : {"1", "x", "01"}) {
    expect_problem(thumbnail("", id), 404, "not-found");
  }
}

TEST_F(ThumbnailApiTest, ADecoderThatFailsIsAProblem) {
  upload();
  maker_.answer = std::nullopt;
  expect_problem(thumbnail(), 404, "no-thumbnail");
}

TEST_F(ThumbnailApiTest, WaitingTooLongIsAProblemThatPasses) {
  upload();
  Response other;
  maker_.during_make = [&] { other = thumbnail(); };
  EXPECT_EQ(thumbnail().status, 200);
  expect_problem(other, 503, "busy");
}

TEST_F(ThumbnailApiTest, AStoreThatFailsIsAProblemThatPasses) {
  upload();
  objects_.put_fault = FakeObjectStore::PutFault::refused;
  expect_problem(thumbnail(), 503, "storage-unavailable");
}

}  // namespace
}  // namespace photodrop::testing
