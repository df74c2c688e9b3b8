// The list of photos as clients get it.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "api/api_fixture.h"
#include "base/error.h"
#include "support/photo_store_harness.h"

namespace photodrop::testing {
namespace {

class PhotoListApiTest : public ApiTest {
 protected:
  using Ids = std::vector<std::int64_t>;

  void fill_with_long_names(int count) {
    for (int i = 0; i < count; ++i) photos_.insert_as_lesson(std::string(3000, 'x'));
  }

  std::string tag_of(const std::string& query) { return header_of(list(query), "ETag"); }

  // The list for a client that has the one with that tag.
  Response list_unless(const std::string& tag, const std::string& query = "",
                       const std::string& method = "GET") {
    Request asked = request(method, "/api/photos");
    asked.query = query;
    asked.headers["if-none-match"] = tag;
    return ask(asked);
  }

  static Ids ids_of(const Response& response) {
    Ids ids;
    const JsonValue photos = json_of(response);
    for (const JsonValue& photo : photos.items()) ids.push_back(photo["id"].number());
    return ids;
  }

  // The ids of all pages, each asked for by the Link of the one before.
  Ids walk(std::string query) {
    static constexpr std::string_view kStart = "</api/photos?";
    static constexpr std::string_view kEnd = ">; rel=\"next\"";
    Ids all;
    while (true) {
      const Response response = list(query);
      const Ids ids = ids_of(response);
      all.insert(all.end(), ids.begin(), ids.end());
      const std::string link = header_of(response, "Link");
      if (link == "none") return all;
      EXPECT_TRUE(link.starts_with(kStart) && link.ends_with(kEnd)) << link;
      query = link.substr(kStart.size(), link.size() - kStart.size() - kEnd.size());
    }
  }
};

TEST_F(PhotoListApiTest, AnEmptyListIsAnEmptyArray) {
  const Response response = list();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "Content-Type"), "application/json");
  EXPECT_EQ(header_of(response, "Cache-Control"), "private, no-cache");
  EXPECT_EQ(header_of(response, "Link"), "none");
  EXPECT_EQ(text_of(response), "[]");
}

TEST_F(PhotoListApiTest, HoldsWhatIsKnownOfEachPhoto) {
  const std::int64_t lessons = photos_.insert_as_lesson("uuid_old one.jpg");
  const std::int64_t ours =
      photos_.begin(sample_photo(), std::chrono::minutes(15)).photo.value().id;
  photos_.finish(ours);
  EXPECT_EQ(
      text_of(list()),
      "[{\"id\":" + std::to_string(lessons) +
          ",\"photo_url\":\"https://objects.test/uuid_old%20one.jpg?signature=fake\","
          "\"filename\":null,\"content_type\":null,\"size\":null,\"width\":null,"
          "\"height\":null,\"sha256\":null,\"created_at\":null,"
          "\"image_url\":\"/api/photos/" +
          std::to_string(lessons) + "/image\",\"thumbnail_url\":\"/api/photos/" +
          std::to_string(lessons) +
          "/thumbnail\",\"expires_at\":\"2024-03-07T12:00:00Z\"},"
          "{\"id\":" +
          std::to_string(ours) + ",\"photo_url\":\"https://objects.test/" + sample_photo().key +
          "?signature=fake\",\"filename\":\"my cat.png\",\"content_type\":\"image/png\","
          "\"size\":123456,\"width\":640,\"height\":480,\"sha256\":\"" +
          hex(sha256("a cat")) +
          "\",\"created_at\":\"2024-02-29T12:00:00.250Z\","
          "\"image_url\":\"/api/photos/" +
          std::to_string(ours) + "/image\",\"thumbnail_url\":\"/api/photos/" +
          std::to_string(ours) + "/thumbnail\",\"expires_at\":\"2024-03-07T12:00:00Z\"}]");
}

TEST_F(PhotoListApiTest, ShowsStoredPhotosOnly) {
  photos_.begin(sample_photo(), std::chrono::minutes(15));
  fill(2);
  photos_.rows.at(2).state = FakePhotoStore::State::deleting;
  EXPECT_EQ(ids_of(list()), Ids({3}));
}

TEST_F(PhotoListApiTest, TakesLimitAfterAndOrder) {
  fill(9);
  EXPECT_EQ(ids_of(list("limit=3")), Ids({1, 2, 3}));
  EXPECT_EQ(ids_of(list("limit=3&after=5")), Ids({6, 7, 8}));
  EXPECT_EQ(ids_of(list("limit=3&order=desc")), Ids({9, 8, 7}));
  EXPECT_EQ(ids_of(list("order=desc&after=3")), Ids({2, 1}));
  EXPECT_EQ(ids_of(list("after=9")), Ids());
}

TEST_F(PhotoListApiTest, LinksToTheNextPageWhenThereIsOne) {
  fill(4);
  EXPECT_EQ(header_of(list("limit=3"), "Link"), "</api/photos?limit=3&after=3>; rel=\"next\"");
  EXPECT_EQ(header_of(list("limit=3&order=desc"), "Link"),
            "</api/photos?limit=3&after=2&order=desc>; rel=\"next\"");
  EXPECT_EQ(header_of(list("limit=4"), "Link"), "none");
  EXPECT_EQ(header_of(list("limit=3&after=1"), "Link"), "none");
}

TEST_F(PhotoListApiTest, HoldsNoMoreThanTheMost) {
  fill(kListMax + 1);
  for (const char* const query : {"", "limit=51", "limit=100000"}) {
    const Response response = list(query);
    EXPECT_EQ(ids_of(response).size(), 50U) << query;
    EXPECT_EQ(header_of(response, "Link"), "</api/photos?limit=50&after=50>; rel=\"next\"");
  }
}

TEST_F(PhotoListApiTest, TheLinksLeadThroughTheWholeList) {
  fill(120);
  Ids all;
  for (std::int64_t id = 1; id <= 120; ++id) all.push_back(id);
  for (const char* const query : {"", "limit=7", "limit=40", "limit=1"}) {
    EXPECT_EQ(walk(query), all) << query;
  }
  std::reverse(all.begin(), all.end());
  EXPECT_EQ(walk("order=desc"), all);
  EXPECT_EQ(walk("order=desc&limit=17"), all);
}

TEST_F(PhotoListApiTest, IsNotSentAgainToAClientThatHasIt) {
  fill(60);
  for (const char* const method : {"GET", "HEAD"}) {
    const Response response = list_unless(tag_of("limit=3"), "limit=3", method);
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(text_of(response), "");
    EXPECT_EQ(header_of(response, "ETag"), tag_of("limit=3"));
    EXPECT_EQ(header_of(response, "Cache-Control"), "private, no-cache");
    EXPECT_EQ(header_of(response, "Link"), "</api/photos?limit=3&after=3>; rel=\"next\"");
    EXPECT_EQ(header_of(response, "Content-Type"), "none");
  }
}

TEST_F(PhotoListApiTest, AnEmptyListHasATagToo) {
  const std::string tag = tag_of("");
  EXPECT_EQ(list_unless(tag).status, 304);
  fill(1);
  EXPECT_EQ(list_unless(tag).status, 200);
}

TEST_F(PhotoListApiTest, WhatIsNotTheSameIsSentWhole) {
  fill(3);
  const std::string tag = tag_of("");
  const Response response = list_unless("\"other\"");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(ids_of(response).size(), 3U);
  EXPECT_EQ(header_of(response, "ETag"), tag);
}

TEST_F(PhotoListApiTest, ATagLastsUntilAPhotoOfThePageComesOrGoes) {
  fill(4);
  const std::string tag = tag_of("limit=2&after=1");
  photos_.rows.at(1).state = FakePhotoStore::State::deleting;
  EXPECT_EQ(tag_of("limit=2&after=1"), tag);
  photos_.rows.at(3).state = FakePhotoStore::State::deleting;
  EXPECT_NE(tag_of("limit=2&after=1"), tag);
  photos_.rows.at(3).state = FakePhotoStore::State::stored;
  EXPECT_EQ(tag_of("limit=2&after=1"), tag);
  photos_.rows.at(4).state = FakePhotoStore::State::deleting;
  EXPECT_NE(tag_of("limit=2&after=1"), tag) << "nothing follows any more";
}

TEST_F(PhotoListApiTest, ATagLastsAsLongAsTheUrlsDo) {
  fill(1);
  const std::string tag = tag_of("");
  objects_.signature = "next";
  EXPECT_NE(tag_of(""), tag);
}

TEST_F(PhotoListApiTest, ATagIsOfThisVersionAlone) {
  fill(1);
  PhotoApi other({objects_, photos_, photos_}, {uploader_, thumbnailer_, gate_},
                 {kListMax, "2.0"});
  Router router;
  other.add_to(router);
  const Response response = router.dispatch(request("GET", "/api/photos"));
  EXPECT_NE(header_of(response, "ETag"), "none");
  EXPECT_NE(header_of(response, "ETag"), tag_of(""));
}

TEST_F(PhotoListApiTest, ABadQueryIsAProblem) {
  for (const char* const query :
       {"limit=0", "limit=x", "after=-1", "order=up", "limit=1&limit=2"}) {
    expect_problem(list(query), 422, "invalid-parameter");
  }
}

TEST_F(PhotoListApiTest, IsWrittenInPiecesHoweverLongItIs) {
  fill_with_long_names(50);
  const Response response = list();
  const auto pieces = pieces_of(response);
  EXPECT_GT(pieces.size(), 5U);
  for (const std::string& piece : pieces) EXPECT_LT(piece.size(), 20'000U);
  EXPECT_EQ(ids_of(response).size(), 50U);
}

TEST_F(PhotoListApiTest, NothingIsReadBeforeItIsWritten) {
  fill(1);
  const Response response = list();
  photos_.each_fails_after = 0;
  EXPECT_THROW(text_of(response), Error);
}

TEST_F(PhotoListApiTest, AHeadRequestIsAnsweredAsAGet) {
  fill(60);
  const Response response = ask(request("HEAD", "/api/photos"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "Link"), "</api/photos?limit=50&after=50>; rel=\"next\"");
}

TEST_F(PhotoListApiTest, ALedgerThatFailsAtOnceIsAProblem) {
  photos_.locate_fails = true;
  expect_problem(list(), 503, "database-unavailable");
}

// So that the server breaks the response off: a list cut short must not look whole.
TEST_F(PhotoListApiTest, ALedgerThatFailsInTheMiddleThrows) {
  fill_with_long_names(50);
  photos_.each_fails_after = 40;
  const Response response = list();
  std::string sent;
  EXPECT_THROW(
      std::get<BodyProducer>(response.body)([&](std::string_view piece) { sent += piece; }),
      Error);
  EXPECT_EQ(sent.front(), '[');
  EXPECT_NE(sent.back(), ']');
}

TEST_F(PhotoListApiTest, AReaderThatLeavesEndsTheList) {
  fill_with_long_names(50);
  const Response response = list();
  int pieces = 0;
  const auto sink = [&](std::string_view) {
    if (++pieces == 2) throw std::runtime_error("the client is gone");
  };
  EXPECT_THROW(std::get<BodyProducer>(response.body)(sink), std::runtime_error);
  EXPECT_EQ(pieces, 2);
}

}  // namespace
}  // namespace photodrop::testing
