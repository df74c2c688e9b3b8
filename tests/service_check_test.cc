// What the doctor makes of nginx's and the workers' answers.
#include "service_check.h"

#include <gtest/gtest.h>

#include "s3/scripted_store.h"

namespace photodrop::testing {
namespace {

using Verdict = Diagnosis::Verdict;

Turn problem(int status, const std::string& code) {
  return answers(http_answer(status, "{\"status\":1,\"code\":\"" + code + "\"}"));
}

const Turn kUnsupported = problem(400, "unsupported-type");
const Turn kTooLarge = problem(413, "too-large");

// The server ends each connection, for each request makes its own.
struct Visit {
  explicit Visit(std::vector<Turn> turns) : server(closing(std::move(turns))) {
    finding = check_service({"http", server.host()}, 1000);
  }

  static std::vector<Turn> closing(std::vector<Turn> turns) {
    for (Turn& turn : turns) turn.then = Turn::Then::close;
    return turns;
  }

  ScriptedServer server;
  Diagnosis finding;
};

void expect_fault(const Visit& visit, const std::string& text, const std::string& hint) {
  EXPECT_EQ(visit.finding.verdict, Verdict::bad);
  EXPECT_NE(visit.finding.text.find(text), std::string::npos) << visit.finding.text;
  EXPECT_NE(visit.finding.hint.find(hint), std::string::npos) << visit.finding.hint;
}

TEST(ServiceCheck, SendsTheLargestPhotoInAFormAndOneThatIsLarger) {
  const Visit visit({kUnsupported, kTooLarge});
  EXPECT_EQ(visit.finding.verdict, Verdict::good) << visit.finding.text;
  EXPECT_EQ(visit.finding.hint, "");
  const auto requests = visit.server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(requests[0].head.starts_with("POST /api/photos HTTP/1.1\r\n"));
  EXPECT_NE(requests[0].head.find("multipart/form-data"), std::string::npos);
  EXPECT_NE(requests[0].body.find("\r\n\r\n" + std::string(1000, '\0') + "\r\n--"),
            std::string::npos);
  EXPECT_NE(requests[1].head.find("\r\nContent-Type: image/jpeg\r\n"), std::string::npos);
  EXPECT_EQ(requests[1].body, std::string(1001, '\0'));
  EXPECT_GT(requests[0].body.size(), requests[1].body.size());
}

TEST(ServiceCheck, IsContentWithAWorkerThatAsksForAToken) {
  const Visit visit({problem(401, "unauthorized")});
  EXPECT_EQ(visit.finding.verdict, Verdict::good) << visit.finding.text;
  EXPECT_NE(visit.finding.text.find("1000 bytes reach a worker"), std::string::npos);
  EXPECT_NE(visit.finding.text.find("token"), std::string::npos);
}

TEST(ServiceCheck, TellsOfALimitThatIsTooSmall) {
  expect_fault(Visit({kTooLarge}), "1000 bytes does not get through: 413 too-large",
               "client_max_body_size");
  expect_fault(Visit({answers(http_answer(413))}), "413", "client_max_body_size");
}

TEST(ServiceCheck, TellsOfWorkersThatDoNotAnswer) {
  for (const int status : {502, 503, 504}) {
    expect_fault(Visit({problem(status, "busy")}), std::to_string(status) + " busy",
                 "photodrop serve");
  }
}

TEST(ServiceCheck, TellsOfAnAddressThatIsAnothers) {
  for (const Turn& turn : {problem(404, "not-found"), answers(http_answer(301)),
                           answers(http_answer(200, "<html>")), problem(400, "bad-request"),
                           answers(http_answer(400)), answers(http_answer(401))}) {
    expect_fault(Visit({turn}), "does not get through: ", "--url");
  }
}

TEST(ServiceCheck, TellsOfSilence) {
  expect_fault(Visit({Turn{}}), "Empty reply", "nginx must run");
  const DeadAddress nobody;
  const Diagnosis finding = check_service({"http", nobody.host()}, 1000);
  EXPECT_EQ(finding.verdict, Verdict::bad);
  EXPECT_NE(finding.text.find("connect"), std::string::npos) << finding.text;
}

TEST(ServiceCheck, WarnsOfAServiceThatTakesMore) {
  const Visit visit({kUnsupported, kUnsupported});
  EXPECT_EQ(visit.finding.verdict, Verdict::warning);
  EXPECT_NE(visit.finding.hint.find("MAX_IMAGE_SIZE_BYTES"), std::string::npos);
}

}  // namespace
}  // namespace photodrop::testing
