#include "server/fastcgi.h"

#include <gtest/gtest.h>

namespace photodrop {
namespace {

// Of variables written as "NAME=value".
Request request_of(std::initializer_list<std::string_view> variables) {
  Request request;
  for (const std::string_view variable : variables) {
    const std::size_t equals = variable.find('=');
    take_variable(request, variable.substr(0, equals), variable.substr(equals + 1));
  }
  return request;
}

TEST(TakeVariable, FillsInTheRequest) {
  const Request request = request_of({"REQUEST_METHOD=POST", "DOCUMENT_URI=/api/photos",
                                      "QUERY_STRING=a=1&b=2", "REQUEST_ID=0123456789abcdef",
                                      "CONTENT_TYPE=multipart/form-data; boundary=x=y"});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/api/photos");
  EXPECT_EQ(request.query, "a=1&b=2");
  EXPECT_EQ(request.content_type, "multipart/form-data; boundary=x=y");
  EXPECT_EQ(request.request_id, "0123456789abcdef");
  EXPECT_TRUE(request.headers.empty());
}

TEST(TakeVariable, MakesHeadersOfHttpVariables) {
  const Request request =
      request_of({"HTTP_X_FILENAME=a=b.jpg", "HTTP_IF_NONE_MATCH=", "HTTP_ACCEPT=*/*"});
  EXPECT_EQ(request.header("x-filename"), "a=b.jpg");
  EXPECT_EQ(request.header("accept"), "*/*");
  EXPECT_EQ(request.header("if-none-match"), "");
  EXPECT_EQ(request.headers.count("if-none-match"), 1U);
  EXPECT_EQ(request.header("x-other"), "");
}

TEST(TakeVariable, KnowsWhetherNginxKeepsLists) {
  EXPECT_TRUE(request_of({"LIST_CACHE=on"}).keeps_lists);
  EXPECT_FALSE(request_of({"LIST_CACHE="}).keeps_lists);
  EXPECT_FALSE(request_of({"HTTP_LIST_CACHE=on"}).keeps_lists);
}

TEST(TakeVariable, KnowsWhetherNginxHasAPoolForThumbnails) {
  EXPECT_TRUE(request_of({"THUMBNAIL_POOL=on"}).has_thumbnail_pool);
  EXPECT_FALSE(request_of({"HTTP_THUMBNAIL_POOL=on"}).has_thumbnail_pool);
}

TEST(TakeVariable, ReadsWhenNginxPassedTheRequestOn) {
  using std::chrono::milliseconds;
  EXPECT_EQ(request_of({"PASSED_ON=1764266400.042"}).passed_on->time_since_epoch(),
            milliseconds(1764266400042));
  for (const std::string value : {"", "1764266400", "1764266400.42", "x.042", "-1.042", "1.-42",
                                  "9999999999999999.042"}) {
    EXPECT_FALSE(request_of({"PASSED_ON=" + value}).passed_on) << value;
  }
}

TEST(TakeVariable, JoinsTheValuesOfAHeaderThatCameTwice) {
  const Request request =
      request_of({"HTTP_X_A=1", "HTTP_X_A=2", "DOCUMENT_URI=/a", "DOCUMENT_URI=/b"});
  EXPECT_EQ(request.header("x-a"), "1, 2");
  EXPECT_EQ(request.path, "/b");
}

TEST(TakeVariable, PassesOverTheRest) {
  const Request request = request_of(
      {"FCGI_ROLE=RESPONDER", "=", "REQUEST_METHODS=PUT", "XHTTP_HOST=a", "CONTENT_LENGTH=5"});
  EXPECT_EQ(request.method, "");
  EXPECT_TRUE(request.headers.empty());
}

TEST(ParseContentLength, ReadsALength) {
  EXPECT_EQ(parse_content_length("0"), 0U);
  EXPECT_EQ(parse_content_length("5242880"), 5242880U);
  EXPECT_EQ(parse_content_length("007"), 7U);
  EXPECT_EQ(parse_content_length("9223372036854775807"), 9223372036854775807U);
}

TEST(ParseContentLength, TakesNoneForNoBody) {
  EXPECT_EQ(parse_content_length(""), 0U);
}

TEST(ParseContentLength, RefusesWhatIsNoLength) {
  for (const char* const text : {"-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "abc", "1,1",
                                 "9223372036854775808", "18446744073709551617"}) {
    EXPECT_EQ(parse_content_length(text), std::nullopt) << text;
  }
}

TEST(ResponseHead, HasStatusHeadersInOrderAndAnEmptyLine) {
  EXPECT_EQ(
      response_head(
          {.status = 405, .headers = {{"Content-Type", "text/plain"}, {"Allow", "GET, HEAD"}}}),
      "Status: 405 Method Not Allowed\r\nContent-Type: text/plain\r\n"
      "Allow: GET, HEAD\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, NeedsNoHeaders) {
  EXPECT_EQ(response_head({.status = 200}), "Status: 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, TellsTheLengthOfAText) {
  EXPECT_EQ(response_head({.status = 200, .body = "ten bytes!"}),
            "Status: 200 OK\r\nContent-Length: 10\r\n\r\n");
}

TEST(ResponseHead, TellsNoLengthWhereThereCanBeNoBody) {
  EXPECT_EQ(response_head({.status = 204}), "Status: 204 No Content\r\n\r\n");
  EXPECT_EQ(response_head({.status = 304}), "Status: 304 Not Modified\r\n\r\n");
}

TEST(ResponseHead, TellsNoLengthOfABodyThatIsWrittenAsItComes) {
  EXPECT_EQ(response_head({.status = 200, .body = [](const BodySink&) {}}),
            "Status: 200 OK\r\n\r\n");
}

}  // namespace
}  // namespace photodrop
