// Lists that nginx keeps: where it is sent for them, and what it is given there.
#include <gtest/gtest.h>

#include "api/api_fixture.h"
#include "support/gunzip.h"

namespace photodrop::testing {
namespace {

class KeptListApiTest : public ApiTest {
 protected:
  static Request request_of_nginx(const std::string& query = "",
                                  const std::string& method = "GET") {
    Request asked = request(method, "/api/photos", query);
    asked.keeps_lists = true;
    return asked;
  }

  // Where nginx is sent for the list.
  std::string place_of(const std::string& query = "", const std::string& coding = "") {
    Request asked = request_of_nginx(query);
    asked.headers["accept-encoding"] = coding;
    return header_of(ask(asked), "X-Accel-Redirect");
  }

  // What it gets there.
  Response follow(const std::string& place) {
    const std::size_t question = place.find('?');
    return ask(request("GET", place.substr(0, question), place.substr(question + 1)));
  }
};

TEST_F(KeptListApiTest, NginxIsSentToThePlaceOfTheListAndItsPage) {
  fill(9);
  for (const auto& [query, page] : std::vector<std::pair<std::string, std::string>>{
           {"", "limit=50"},
           {"limit=3", "limit=3"},
           {"order=asc&x=y&after=5", "limit=50&after=5"},
           {"order=desc&limit=70&after=5", "limit=50&after=5&order=desc"}}) {
    const Response response = ask(request_of_nginx(query));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(text_of(response), "");
    const std::string tag = header_of(list(query), "ETag");
    const std::string digest = tag.substr(3, tag.size() - 4);
    EXPECT_EQ(place_of(query), "/_lists/" + digest + "?" + page);
    EXPECT_EQ(response.headers.size(), 1U) << "the list itself brings the others";
  }
}

TEST_F(KeptListApiTest, WhatNginxKeepsIsTheList) {
  fill(9);
  for (const char* const query :
       {"", "limit=3", "limit=9", "after=8", "after=9", "order=desc&limit=2&after=5"}) {
    const Response expected = list(query);
    const Response kept = follow(place_of(query));
    EXPECT_EQ(kept.status, 200);
    EXPECT_EQ(text_of(kept), text_of(expected));
    for (const char* const name : {"ETag", "Link", "Cache-Control", "Content-Type"}) {
      EXPECT_EQ(header_of(kept, name), header_of(expected, name));
    }
    EXPECT_EQ(header_of(kept, "X-Accel-Expires"), "86400");
    EXPECT_EQ(header_of(expected, "X-Accel-Expires"), "none");
  }
}

TEST_F(KeptListApiTest, ForAClientThatTakesThatTheListIsKeptCompressed) {
  fill(9);
  for (const char* const query : {"", "limit=3", "order=desc&limit=2&after=5"}) {
    const std::string place = place_of(query, "deflate, gzip");
    const std::string plain_place = place_of(query, "deflate, gzip;q=0");
    EXPECT_EQ(plain_place, place_of(query));
    EXPECT_EQ(place, plain_place.substr(0, plain_place.find('?')) + ".gz" +
                         plain_place.substr(plain_place.find('?')));
    const Response kept = follow(place);
    const Response plain = follow(plain_place);
    EXPECT_EQ(gunzip(text_of(kept)), text_of(plain));
    for (const char* const name :
         {"ETag", "Link", "Cache-Control", "Content-Type", "X-Accel-Expires"}) {
      EXPECT_EQ(header_of(kept, name), header_of(plain, name));
    }
    EXPECT_EQ(header_of(kept, "Content-Encoding"), "gzip");
    EXPECT_EQ(header_of(plain, "Content-Encoding"), "none");
    EXPECT_EQ(header_of(kept, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header_of(plain, "Vary"), "Accept-Encoding");
  }
}

TEST_F(KeptListApiTest, AListUnderNoNameThatItMayHaveIsNotKept) {
  fill(3);
  const std::string place = place_of();
  const std::string path = place.substr(0, place.find('?'));
  const std::string query = place.substr(place.find('?'));
  for (const char* const ending : {".br", ".gz.gz", "0", ".gz0"}) {
    const Response response = follow(path + ending + query);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header_of(response, "X-Accel-Expires"), "none") << ending;
  }
}

TEST_F(KeptListApiTest, AnEmptyListIsKeptToo) {
  EXPECT_EQ(gunzip(text_of(follow(place_of("", "gzip")))), "[]");
  EXPECT_EQ(text_of(follow(place_of())), "[]");
}

TEST_F(KeptListApiTest, AListThatHasChangedOnTheWayIsNotKept) {
  fill(3);
  const std::string place = place_of();
  photos_.rows.at(2).state = FakePhotoStore::State::deleting;
  const Response response = follow(place);
  EXPECT_EQ(text_of(response), text_of(list()));
  EXPECT_EQ(header_of(response, "ETag"), header_of(list(), "ETag"));
  EXPECT_EQ(header_of(response, "X-Accel-Expires"), "none");
}

TEST_F(KeptListApiTest, AListWhoseUrlsAreSignedAnewOnTheWayIsNotKept) {
  fill(1);
  const std::string place = place_of();
  objects_.signature = "next";
  EXPECT_EQ(header_of(follow(place), "X-Accel-Expires"), "none");
}

TEST_F(KeptListApiTest, AListWhoseUrlsAreSignedAnewWhileItIsWrittenIsNotKeptOrTaggedAsNew) {
  fill(3);
  const std::string place = place_of();
  const std::string tag = header_of(list(), "ETag");
  int left = 2;
  objects_.after_url = [&] {
    if (--left == 0) objects_.signature = "next";
  };
  const Response response = follow(place);
  EXPECT_EQ(header_of(response, "ETag"), tag);
  EXPECT_EQ(header_of(response, "X-Accel-Expires"), "none");
  EXPECT_NE(header_of(list(), "ETag"), tag);
}

TEST_F(KeptListApiTest, AListWhoseUrlsNeverStayTheSameIsNotKept) {
  fill(3);
  PhotoApi restless({objects_, photos_, photos_}, {uploader_, thumbnailer_, gate_},
                    {.most = kListMax, .version = "1.0", .may_be_kept = false});
  Router router;
  restless.add_to(router);
  const Response response = router.dispatch(request_of_nginx());
  EXPECT_EQ(header_of(response, "X-Accel-Redirect"), "none");
  EXPECT_EQ(text_of(response), text_of(list()));
}

TEST_F(KeptListApiTest, WhatNginxWouldRefuseComesFromNoCache) {
  for (const char* const precondition : {"if-match", "if-unmodified-since"}) {
    Request asked = request_of_nginx();
    asked.headers[precondition] = "Thu, 01 Jan 1970 00:00:00 GMT";
    const Response response = ask(asked);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header_of(response, "X-Accel-Redirect"), "none") << precondition;
  }
}

TEST_F(KeptListApiTest, AClientThatHasTheListIsNotSentIt) {
  fill(3);
  Request asked = request_of_nginx();
  asked.headers["if-none-match"] = header_of(list(), "ETag");
  const Response response = ask(asked);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(header_of(response, "Vary"), "Accept-Encoding");
  EXPECT_EQ(header_of(response, "X-Accel-Redirect"), "none");
}

TEST_F(KeptListApiTest, TheHeadOfAListComesFromNoCache) {
  fill(3);
  const Response response = ask(request_of_nginx("", "HEAD"));
  EXPECT_EQ(header_of(response, "X-Accel-Redirect"), "none");
  EXPECT_EQ(header_of(response, "ETag"), header_of(list(), "ETag"));
}

TEST_F(KeptListApiTest, ALongListIsNotKept) {
  PhotoApi long_lists({objects_, photos_, photos_}, {uploader_, thumbnailer_, gate_},
                      {2000, "1.0"});
  Router router;
  long_lists.add_to(router);
  const auto is_kept = [&](const std::string& query) {
    return header_of(router.dispatch(request_of_nginx(query)), "X-Accel-Redirect") != "none";
  };
  EXPECT_TRUE(is_kept("limit=1000"));
  EXPECT_FALSE(is_kept("limit=1001"));
  EXPECT_FALSE(is_kept(""));
}

TEST_F(KeptListApiTest, ALedgerThatFailsIsAProblemThatIsNotKept) {
  fill(1);
  const std::string place = place_of();
  photos_.locate_fails = true;
  expect_problem(follow(place), 503, "database-unavailable");
  expect_problem(ask(request_of_nginx()), 503, "database-unavailable");
  photos_.locate_fails = false;
  photos_.each_fails_after = 0;
  const Response response = follow(place);
  expect_problem(response, 503, "database-unavailable");
  EXPECT_EQ(header_of(response, "X-Accel-Expires"), "none");
}

TEST_F(KeptListApiTest, WhoMayNotReadTheListIsNotSentToItNorGetsItThere) {
  const std::string place = place_of();
  Gate gate(Auth::all, tokens_);
  PhotoApi locked({objects_, photos_, photos_}, {uploader_, thumbnailer_, gate},
                  {kListMax, "1.0"});
  Router router;
  locked.add_to(router);
  for (const Request& asked :
       {request_of_nginx(), request("GET", place.substr(0, place.find('?')))}) {
    const Response response = router.dispatch(asked);
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(header_of(response, "X-Accel-Redirect"), "none");
  }
}

}  // namespace
}  // namespace photodrop::testing
