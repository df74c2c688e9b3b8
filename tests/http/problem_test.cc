#include "http/problem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "http/status.h"
#include "support/json_fixture.h"

namespace photodrop {
namespace {

struct Row {
  Fault fault;
  int status;
  std::string code;
  std::string title;
};

const Row kRows[] = {
    {Fault::malformed_upload, 400, "malformed-upload", "Bad Request"},
    {Fault::unsupported_type, 400, "unsupported-type", "Bad Request"},
    {Fault::invalid_image, 400, "invalid-image", "Bad Request"},
    {Fault::too_large, 413, "too-large", "Content Too Large"},
    {Fault::missing_photo, 422, "missing-photo", "Unprocessable Content"},
    {Fault::invalid_parameter, 422, "invalid-parameter", "Unprocessable Content"},
    {Fault::idempotency_mismatch, 422, "idempotency-mismatch", "Unprocessable Content"},
    {Fault::in_progress, 409, "in-progress", "Conflict"},
    {Fault::unauthorized, 401, "unauthorized", "Unauthorized"},
    {Fault::forbidden, 403, "forbidden", "Forbidden"},
    {Fault::not_found, 404, "not-found", "Not Found"},
    {Fault::no_thumbnail, 404, "no-thumbnail", "Not Found"},
    {Fault::method_not_allowed, 405, "method-not-allowed", "Method Not Allowed"},
    {Fault::busy, 503, "busy", "Service Unavailable"},
    {Fault::storage_unavailable, 503, "storage-unavailable", "Service Unavailable"},
    {Fault::database_unavailable, 503, "database-unavailable", "Service Unavailable"},
    {Fault::internal, 500, "internal", "Internal Server Error"},
};

std::string text_of(const Response& response) {
  return std::get<std::string>(response.body);
}

// The header's values, joined.
std::string header_of(const Response& response, const std::string& name) {
  std::string values;
  for (const auto& [header, value] : response.headers) {
    if (header == name) values += value;
  }
  return values;
}

TEST(Problem, KnowsEveryFault) {
  ASSERT_EQ(std::size(kRows), static_cast<std::size_t>(Fault::internal) + 1);
  for (const Row& row : kRows) {
    const Response response = problem_response({row.fault, "It is so.", "why"}, "id");
    EXPECT_EQ(response.status, row.status) << row.code;
    EXPECT_EQ(response.outcome, row.code);
    EXPECT_EQ(code_of(row.fault), row.code);
    EXPECT_EQ(header_of(response, "Content-Type"), "application/problem+json");
    const JsonValue problem = parse_json(text_of(response));
    EXPECT_EQ(problem["title"].text(), row.title);
    EXPECT_EQ(problem["status"].number(), row.status);
    EXPECT_EQ(problem["code"].text(), row.code);
  }
}

TEST(Problem, HasItsMembersInOrder) {
  EXPECT_EQ(text_of(problem_response({Fault::not_found, "There is no such photo."}, "4711")),
            R"({"type":"about:blank","title":"Not Found","status":404,)"
            R"("detail":"There is no such photo.","code":"not-found","request_id":"4711"})");
}

TEST(Problem, SaysWhenToTryAgainWhereThatMakesSense) {
  for (const Row& row : kRows) {
    const Response response = problem_response({row.fault, "It is so."}, "id");
    EXPECT_EQ(header_of(response, "Retry-After"),
              row.status == 503 || row.status == 409 ? "5" : "")
        << row.code;
  }
}

TEST(Problem, KeepsTheCauseForTheLog) {
  const Response response = problem_response(
      {Fault::storage_unavailable, "Please try again.", "<Code>SlowDown</Code>"}, "id");
  EXPECT_EQ(text_of(response).find("SlowDown"), std::string::npos);
  EXPECT_TRUE(std::none_of(response.headers.begin(), response.headers.end(), [](auto& header) {
    return header.second.find("SlowDown") != std::string::npos;
  }));
  EXPECT_EQ(response.cause, "<Code>SlowDown</Code>");
}

TEST(Problem, EscapesTheDetail) {
  const Response response = problem_response({Fault::internal, "a \"b\"\n\\c"}, "i\"d");
  const JsonValue problem = parse_json(text_of(response));
  EXPECT_EQ(problem["detail"].text(), "a \"b\"\n\\c");
  EXPECT_EQ(problem["request_id"].text(), "i\"d");
}

TEST(ReasonPhrase, HasWordsForTheStatusesThatWeAnswer) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(413), "Content Too Large");
  EXPECT_EQ(reason_phrase(999), "");
}

TEST(Error, CarriesWhatIsForTheClientAndWhatIsForTheLog) {
  const Error error(Fault::too_large, "The photo is too large.", "6 MB");
  EXPECT_EQ(error.fault(), Fault::too_large);
  EXPECT_EQ(error.detail(), "The photo is too large.");
  EXPECT_EQ(error.cause(), "6 MB");
  EXPECT_EQ(Error(Fault::internal, "detail").cause(), "");
}

}  // namespace
}  // namespace photodrop
