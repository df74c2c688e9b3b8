// Who may do what: every route behind its scope.
#include <gtest/gtest.h>

#include "api/api_fixture.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

class PhotoAccessApiTest : public ApiTest {
 protected:
  struct Call {
    const char* method;
    const char* path;
    Scope scope;
  };
  static constexpr Call kCalls[] = {{"POST", "/api/photos", Scope::upload},
                                    {"GET", "/api/photos", Scope::read},
                                    {"HEAD", "/api/photos", Scope::read},
                                    {"GET", "/api/photos/1", Scope::read},
                                    {"GET", "/api/photos/1/image", Scope::read},
                                    {"GET", "/api/photos/1/thumbnail", Scope::read},
                                    {"DELETE", "/api/photos/1", Scope::remove}};

  PhotoAccessApiTest() {
    photos_.insert_as_lesson("uuid_cat.png");
    objects_.objects["uuid_cat.png"] = {"image/png", tiny_png()};
  }

  std::string token_for(const Scopes& scopes) {
    std::string token = make_token();
    const std::string id(token_id(token).value());
    tokens_.add({.id = id, .name = id, .sha256 = sha256(token), .scopes = scopes});
    return token;
  }

  Response call(Auth auth, const Call& what, const std::string& token = "") {
    Gate gate(auth, tokens_);
    PhotoApi api({objects_, photos_, photos_}, {uploader_, thumbnailer_, gate},
                 {kListMax, "1.0"});
    Request made = request(what.method, what.path);
    made.content_type = "image/png";
    made.body = photo_;
    if (!token.empty()) made.headers["authorization"] = "Bearer " + token;
    if (!key_.empty()) made.headers["idempotency-key"] = key_;
    Router router;
    api.add_to(router);
    return router.dispatch(made);
  }

  std::string photo_ = tiny_png();
  std::string key_;  // the idempotency key; none when it is empty
};

TEST_F(PhotoAccessApiTest, EveryRouteIsOpenWhenAuthIsOff) {
  for (const Call& what : kCalls) {
    EXPECT_LT(call(Auth::off, what).status, 400) << what.method << what.path;
  }
}

TEST_F(PhotoAccessApiTest, EveryRouteAsksForATokenWhenAuthIsAll) {
  for (const Call& what : kCalls) {
    const Response response = call(Auth::all, what);
    expect_problem(response, 401, "unauthorized");
    EXPECT_EQ(header_of(response, "WWW-Authenticate"), "Bearer realm=\"photodrop\"");
  }
  EXPECT_EQ(photos_.rows.size(), 1U);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

TEST_F(PhotoAccessApiTest, ReadingIsOpenWhenAuthIsWrite) {
  for (const Call& what : kCalls) {
    EXPECT_EQ(call(Auth::write, what).status == 401, what.scope != Scope::read)
        << what.method << what.path;
  }
}

TEST_F(PhotoAccessApiTest, EveryRouteTakesItsOwnScopeAndNoOther) {
  for (const Scope scope : {Scope::upload, Scope::read, Scope::remove}) {
    const std::string token = token_for({scope});
    for (const Call& what : kCalls) {
      const Response response = call(Auth::all, what, token);
      if (what.scope == scope) {
        EXPECT_LT(response.status, 400) << what.method << what.path;
        continue;
      }
      expect_problem(response, 403, "forbidden");
      EXPECT_NE(header_of(response, "WWW-Authenticate")
                    .find("scope=\"" + std::string(name_of(what.scope)) + "\""),
                std::string::npos);
    }
  }
}

TEST_F(PhotoAccessApiTest, WhatIsNotThereNeedsNoToken) {
  expect_problem(call(Auth::all, {"GET", "/api/nothing", Scope::read}), 404, "not-found");
  const Response response = call(Auth::all, {"PUT", "/api/photos", Scope::read});
  expect_problem(response, 405, "method-not-allowed");
  EXPECT_EQ(header_of(response, "Allow"), "GET, HEAD, POST");
}

// Or a stranger could find out what is stored, and make the parser work.
TEST_F(PhotoAccessApiTest, NothingElseOfARequestIsLookedAtBeforeItsToken) {
  expect_problem(call(Auth::all, {"GET", "/api/photos/4711", Scope::read}), 401,
                 "unauthorized");
  Gate gate(Auth::write, tokens_);
  PhotoApi api({objects_, photos_, photos_}, {uploader_, thumbnailer_, gate},
               {kListMax, "1.0"});
  Request broken = request("POST", "/api/photos");
  broken.content_type = "multipart/form-data";
  broken.headers["idempotency-key"] = "\"";
  Router router;
  api.add_to(router);
  expect_problem(router.dispatch(broken), 401, "unauthorized");
}

TEST_F(PhotoAccessApiTest, EachTokenHasIdempotencyKeysOfItsOwn) {
  const std::string one = token_for({Scope::upload});
  const std::string other = token_for({Scope::upload});
  key_ = "upload-1";
  const std::string first = text_of(call(Auth::write, kCalls[0], one));
  const std::string second = text_of(call(Auth::write, kCalls[0], other));
  EXPECT_NE(first, second);
  EXPECT_EQ(text_of(call(Auth::write, kCalls[0], one)), first);
  EXPECT_EQ(text_of(call(Auth::write, kCalls[0], other)), second);
  photo_ = tiny_gif();
  expect_problem(call(Auth::write, kCalls[0], one), 422, "idempotency-mismatch");
}

// A header that is there all the same names nobody.
TEST_F(PhotoAccessApiTest, IdempotencyKeysAreEverybodysWhenAuthIsOff) {
  key_ = "upload-1";
  const std::string first = text_of(call(Auth::off, kCalls[0], token_for({Scope::upload})));
  EXPECT_EQ(text_of(call(Auth::off, kCalls[0], token_for({Scope::upload}))), first);
  EXPECT_EQ(text_of(call(Auth::off, kCalls[0])), first);
}

TEST_F(PhotoAccessApiTest, ATokenThatCannotBeLookedUpIsAFaultOfTheDatabase) {
  const std::string token = token_for({Scope::upload});
  tokens_.fails = true;
  const Response response = call(Auth::write, kCalls[0], token);
  expect_problem(response, 503, "database-unavailable");
  EXPECT_EQ(header_of(response, "WWW-Authenticate"), "none");
  EXPECT_EQ(photos_.rows.size(), 1U);
}

}  // namespace
}  // namespace photodrop::testing
