// The doctor's object: what is asked of the store for it, and what can go wrong on its way.
#include "s3/round_trip.h"

#include <gtest/gtest.h>

#include "s3/store_doctor.h"

namespace photodrop::testing {
namespace {

using Verdict = Diagnosis::Verdict;

bool names_doctors_object(const std::string& path) {
  return path.starts_with("/photos/") && path.ends_with("_doctor.txt");
}

TEST(RoundTrip, WritesReadsAndDeletesOneObject) {
  const Visit visit = GoodStore().visit();
  ASSERT_EQ(visit.requests.size(), 6U);
  EXPECT_EQ(visit.line(0), "GET /photos/?encoding-type=url&list-type=2&max-keys=1");
  const std::string path = visit.line(1).substr(4);
  EXPECT_TRUE(names_doctors_object(path)) << path;
  EXPECT_EQ(visit.line(1), "PUT " + path);
  EXPECT_EQ(visit.requests[1].body, s3::kTrialBytes);
  EXPECT_EQ(visit.line(2), "GET " + path);
  EXPECT_EQ(visit.line(3), "DELETE " + path);
  EXPECT_EQ(visit.line(4), "GET " + path);
  EXPECT_EQ(visit.line(5), "GET /photos/?versioning=");
}

TEST(RoundTrip, OpensThePresignedUrlAsAnyReader) {
  const Visit visit = GoodStore().visit();
  ASSERT_EQ(visit.public_requests.size(), 1U);
  const std::string& head = visit.public_requests[0].head;
  EXPECT_TRUE(head.starts_with("GET " + visit.line(1).substr(4) + "?X-Amz-")) << head;
  EXPECT_NE(head.find("&X-Amz-Signature="), std::string::npos);
  EXPECT_EQ(head.find("\r\nAuthorization:"), std::string::npos);
  EXPECT_EQ(head.find("\r\nx-amz-"), std::string::npos);
}

TEST(RoundTrip, TellsOfAPutThatIsRefused) {
  GoodStore store;
  store.turns = {store.turns[kListTurn], answers(s3_error(403, "AccessDenied")),
                 store.turns[kVersioningTurn]};
  const Visit visit = store.visit();
  EXPECT_EQ(verdict_of(visit.found, "store round trip"), Verdict::bad);
  EXPECT_EQ(finding_of(visit.found, "store round trip").text, "PUT: 403 AccessDenied");
  expect_hint(visit.found, "store round trip", "s3:PutObject");
  EXPECT_EQ(verdict_of(visit.found, "store public URL"), Verdict::skipped);
  EXPECT_EQ(verdict_of(visit.found, "store versioning"), Verdict::good);
  EXPECT_EQ(visit.requests.size(), 3U) << "there is nothing to delete";
}

TEST(RoundTrip, DeletesWhatMayHaveLanded) {
  GoodStore store;
  store.turns = {store.turns[kListTurn], answers(s3_error(501, "NotImplemented")),
                 answers(http_answer(204)), store.turns[kVersioningTurn]};
  const Visit visit = store.visit();
  EXPECT_EQ(verdict_of(visit.found, "store round trip"), Verdict::bad);
  ASSERT_EQ(visit.requests.size(), 4U);
  EXPECT_EQ(visit.line(2), "DELETE " + visit.line(1).substr(4));
}

TEST(RoundTrip, DeletesWhatCannotBeRead) {
  for (const std::string& answer :
       {s3_error(403, "AccessDenied"), http_answer(200, "something else")}) {
    GoodStore store;
    store.turns[kGetTurn] = answers(answer);
    store.opening = answers(http_answer(404));
    const Visit visit = store.visit();
    EXPECT_EQ(verdict_of(visit.found, "store round trip"), Verdict::bad);
    expect_text(visit.found, "store round trip", "GET");
    EXPECT_EQ(visit.line(3), "DELETE " + visit.line(1).substr(4));
  }
}

TEST(RoundTrip, NamesTheObjectThatCannotBeDeleted) {
  GoodStore store;
  store.turns[kDeleteTurn] = answers(s3_error(403, "AccessDenied"));
  store.turns.erase(store.turns.begin() + kGoneTurn);
  const Visit visit = store.visit();
  const std::string key = visit.line(1).substr(std::string("PUT /photos/").size());
  EXPECT_EQ(finding_of(visit.found, "store round trip").text,
            "DELETE: 403 AccessDenied; " + key + " stays in the bucket");
  expect_hint(visit.found, "store round trip", "s3:DeleteObject");
  EXPECT_EQ(verdict_of(visit.found, "store public URL"), Verdict::good);
}

TEST(RoundTrip, SeesThatTheObjectIsGone) {
  GoodStore store;
  store.turns[kGoneTurn] = answers(http_answer(200, s3::kTrialBytes));
  auto found = store.check();
  EXPECT_EQ(verdict_of(found, "store round trip"), Verdict::bad);
  expect_text(found, "store round trip", "confirmed DELETE");

  store.turns[kGoneTurn] = answers(s3_error(403, "AccessDenied"));
  found = store.check();
  EXPECT_EQ(verdict_of(found, "store round trip"), Verdict::bad);
  expect_text(found, "store round trip", "403 AccessDenied");
}

std::vector<Diagnosis> check_opening(const Turn& opening) {
  GoodStore store;
  store.opening = opening;
  return store.check();
}

TEST(RoundTrip, TellsOfAPresignedUrlThatDoesNotOpen) {
  for (const std::string& answer : {s3_error(403, "SignatureDoesNotMatch"),
                                    s3_error(404, "NoSuchBucket"), http_answer(301)}) {
    const auto found = check_opening(answers(answer));
    EXPECT_EQ(verdict_of(found, "store round trip"), Verdict::good);
    EXPECT_EQ(verdict_of(found, "store public URL"), Verdict::bad);
    expect_text(found, "store public URL", "http://127.0.0.1:");
    expect_hint(found, "store public URL", "S3_PUBLIC_URL");
    expect_nowhere(found, "X-Amz-");
  }
  expect_hint(check_opening(answers(s3_error(403, "SignatureDoesNotMatch"))),
              "store public URL", "Host");
}

TEST(RoundTrip, TellsOfAPresignedUrlThatOpensSomethingElse) {
  const auto found = check_opening(answers(http_answer(200, "<html>")));
  EXPECT_EQ(verdict_of(found, "store public URL"), Verdict::bad);
  expect_text(found, "store public URL", "something else");
}

TEST(RoundTrip, TellsOfAPublicUrlThatNobodyAnswers) {
  const DeadAddress nobody;
  const GoodStore store;
  const ScriptedServer server(store.turns);
  s3::StoreOptions options = options_for(server.host());
  options.public_bucket.endpoint.host = nobody.host();
  const auto found = s3::check_store(options);
  EXPECT_EQ(verdict_of(found, "store round trip"), Verdict::good);
  EXPECT_EQ(verdict_of(found, "store public URL"), Verdict::bad);
  expect_hint(found, "store public URL", "reachable");
}

TEST(RoundTrip, KeepsSecretsToItself) {
  GoodStore store;
  for (Turn& turn : store.turns) {
    const Visit visit = store.visit();
    for (const char* const secret : {"AKIDSCRIPTED", "a secret of the script",
                                     "Signature=", "X-Amz-", "AWS4-HMAC-SHA256"}) {
      expect_nowhere(visit.found, secret);
    }
    turn = answers(s3_error(403, "SignatureDoesNotMatch"));
  }
}

}  // namespace
}  // namespace photodrop::testing
