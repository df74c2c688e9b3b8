#include "http/router.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "base/error.h"
#include "support/json_fixture.h"

namespace photodrop {
namespace {

Handler says(const std::string& text) {
  return [text](const Request&) { return Response{.status = 200, .body = text}; };
}

Router router() {
  Router made;
  made.add("GET", "/photos", says("list"));
  made.add("POST", "/photos", says("upload"));
  made.add("POST", "/only-post", says("posted"));
  return made;
}

Request request_for(const std::string& method, const std::string& path) {
  Request request;
  request.method = method;
  request.path = path;
  request.request_id = "4711";
  return request;
}

Response dispatch(const std::string& method, const std::string& path) {
  return router().dispatch(request_for(method, path));
}

std::string body_of(const Response& response) {
  return std::get<std::string>(response.body);
}

std::string allow_of(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Allow") return value;
  }
  return "absent";
}

TEST(Router, FindsTheRouteByMethodAndPath) {
  EXPECT_EQ(body_of(dispatch("GET", "/photos")), "list");
  EXPECT_EQ(body_of(dispatch("POST", "/photos")), "upload");
}

TEST(Router, AnswersHeadByTheRouteForGet) {
  EXPECT_EQ(dispatch("HEAD", "/photos").status, 200);
  EXPECT_EQ(dispatch("HEAD", "/only-post").status, 405);
}

TEST(Router, HandsTheWholeRequestOver) {
  Router made;
  made.add("GET", "/", [](const Request& request) {
    return Response{.status = 200, .body = request.request_id};
  });
  EXPECT_EQ(body_of(made.dispatch(request_for("GET", "/"))), "4711");
}

TEST(Router, ComparesPathsWhole) {
  for (const char* const path : {"/photos/", "/photos/1", "/photo", "/Photos", "photos", "",
                                 "/", "/photos?", "//photos", "/photos\n"}) {
    EXPECT_EQ(dispatch("GET", path).status, 404) << path;
  }
}

TEST(Router, ASegmentInBracesStandsForAnyOne) {
  Router made;
  made.add("GET", "/photos/{id}", says("photo"));
  made.add("GET", "/photos/{id}/image", says("image"));
  EXPECT_EQ(body_of(made.dispatch(request_for("GET", "/photos/17"))), "photo");
  EXPECT_EQ(body_of(made.dispatch(request_for("GET", "/photos/{id}"))), "photo");
  EXPECT_EQ(body_of(made.dispatch(request_for("GET", "/photos/17/image"))), "image");
  EXPECT_EQ(allow_of(made.dispatch(request_for("PUT", "/photos/17"))), "GET, HEAD");
  for (const char* const path :
       {"/photos", "/photos/", "/photos/17/", "/photos//17", "/photos/17/18", "/photos//image",
        "/photos/17/image/", "/photos/17//image", "/other/17", "photos/17", ""}) {
    EXPECT_EQ(made.dispatch(request_for("GET", path)).status, 404) << path;
  }
}

TEST(Router, SaysThatThereIsNothing) {
  const Response response = dispatch("GET", "/nowhere");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(allow_of(response), "absent");
  const JsonValue problem = parse_json(body_of(response));
  EXPECT_EQ(problem["code"].text(), "not-found");
  EXPECT_EQ(problem["detail"].text(), "There is nothing at this address.");
  EXPECT_EQ(problem["request_id"].text(), "4711");
}

TEST(Router, SaysWhichMethodsThereAre) {
  const Response response = dispatch("DELETE", "/photos");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(allow_of(response), "GET, HEAD, POST");
  const JsonValue problem = parse_json(body_of(response));
  EXPECT_EQ(problem["code"].text(), "method-not-allowed");
  EXPECT_EQ(problem["detail"].text(), "This address takes only GET, HEAD, POST.");
  EXPECT_EQ(allow_of(dispatch("GET", "/only-post")), "POST");
}

TEST(Router, TakesMethodsWithRegardToCase) {
  EXPECT_EQ(dispatch("get", "/photos").status, 405);
  EXPECT_EQ(dispatch("", "/photos").status, 405);
}

Response answer_that_throws(const std::function<void()>& thrower) {
  Router made;
  made.add("GET", "/photos/{id}", [&](const Request&) -> Response {
    thrower();
    return {};
  });
  return made.dispatch(request_for("GET", "/photos/17"));
}

TEST(Router, MakesAProblemOfWhatAHandlerThrows) {
  const Response response = answer_that_throws(
      [] { throw Error(Fault::database_unavailable, "Not just now.", "08006"); });
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.outcome, "database-unavailable");
  EXPECT_EQ(response.cause, "08006");
  EXPECT_EQ(parse_json(body_of(response))["detail"].text(), "Not just now.");
}

TEST(Router, TellsTheClientNothingOfAnErrorOfTheCode) {
  const Response response = answer_that_throws([] { throw std::logic_error("a secret"); });
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.outcome, "internal");
  EXPECT_EQ(response.cause, "a secret");
  EXPECT_EQ(body_of(response).find("a secret"), std::string::npos);
}

TEST(Router, NamesTheRouteWhateverItAnswered) {
  Router made;
  made.add("GET", "/photos/{id}", says("photo"));
  EXPECT_EQ(made.dispatch(request_for("GET", "/photos/17")).route, "/photos/{id}");
  EXPECT_EQ(answer_that_throws([] { throw Error(Fault::not_found, "Gone."); }).route,
            "/photos/{id}");
  EXPECT_EQ(made.dispatch(request_for("PUT", "/photos/17")).route, "");
  EXPECT_EQ(made.dispatch(request_for("GET", "/nowhere")).route, "");
}

TEST(Request, LooksHeadersUpByTheirLowerCaseNames) {
  Request request;
  request.headers = {{"x-filename", "a.jpg"}};
  EXPECT_EQ(request.header("x-filename"), "a.jpg");
  EXPECT_EQ(request.header("X-Filename"), "");
}

}  // namespace
}  // namespace photodrop
