#include "s3/retry.h"

#include <gtest/gtest.h>

namespace photodrop::s3 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpReply answer(int status, const std::string& code = "") {
  HttpReply reply;
  reply.status = status;
  reply.body_sent = true;
  if (!code.empty()) {
    reply.body = "<Error><Code>" + code + "</Code><Message>m</Message></Error>";
  }
  return reply;
}

HttpReply silence(bool transient) {
  HttpReply reply;
  reply.transient = transient;
  reply.failure = "Recv failure: Connection reset by peer";
  return reply;
}

TEST(Judge, EverySuccessIsDone) {
  for (const int status : {200, 201, 204, 206, 299}) {
    EXPECT_EQ(judge(answer(status)), Verdict::done) << status;
  }
}

TEST(Judge, PassingFaultsAreTriedAgain) {
  for (const int status : {429, 500, 502, 503, 504}) {
    EXPECT_EQ(judge(answer(status)), Verdict::retry) << status;
  }
  EXPECT_EQ(judge(silence(true)), Verdict::retry);
}

TEST(Judge, TheCodeMayMakeAnyStatusAPassingFault) {
  for (const char* const code :
       {"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "SlowDown",
        "Throttling", "ThrottlingException", "RequestThrottled", "TooManyRequests",
        "TooManyRequestsException", "BandwidthLimitExceeded", "RequestLimitExceeded"}) {
    EXPECT_EQ(judge(answer(400, code)), Verdict::retry) << code;
  }
}

TEST(Judge, EverythingElseIsRefused) {
  for (const int status :
       {100, 301, 304, 307, 400, 401, 403, 404, 405, 409, 411, 412, 413, 501}) {
    EXPECT_EQ(judge(answer(status)), Verdict::refused) << status;
  }
  for (const char* const code : {"AccessDenied", "SignatureDoesNotMatch", "NoSuchBucket",
                                 "RequestTimeTooSkewed", "slowdown", "SlowDownX"}) {
    EXPECT_EQ(judge(answer(403, code)), Verdict::refused) << code;
  }
  EXPECT_EQ(judge(silence(false)), Verdict::refused);
}

TEST(MayHaveLanded, UnlessTheStoreRefusedOrTheBodyWasCutShort) {
  for (const int status : {0, 200, 204, 408, 500, 501, 503, 504, 522}) {
    EXPECT_TRUE(may_have_landed(answer(status))) << status;
  }
  for (const int status : {300, 301, 307, 399, 400, 403, 404, 409, 412, 429, 499}) {
    EXPECT_FALSE(may_have_landed(answer(status))) << status;
  }
  EXPECT_FALSE(may_have_landed(silence(true)));
  EXPECT_FALSE(may_have_landed(silence(false)));
}

TEST(MayHaveLanded, WhateverTheAnswerWhenItWasSentTwice) {
  for (const int status : {0, 403, 404, 500}) {
    HttpReply reply = answer(status);
    reply.resent = true;
    EXPECT_TRUE(may_have_landed(reply)) << status;
  }
}

TEST(ErrorCode, IsWhatStandsInTheCodeElement) {
  EXPECT_EQ(error_code("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>"),
            "NoSuchKey");
  EXPECT_EQ(error_code("<Code></Code>"), "");
  EXPECT_EQ(xml_value("<A><Code>a</Code><Region>eu-west-1</Region></A>", "Region"),
            "eu-west-1");
  EXPECT_EQ(xml_value("<A><Code>a</Code></A>", "Region"), "");
  EXPECT_EQ(xml_value("<A><Region>eu-west-1</A>", "Region"), "");
  EXPECT_EQ(error_code("<Code>a</Code><Code>b</Code>"), "a");
}

TEST(ErrorCode, IsEmptyWhenThereIsNone) {
  for (const char* const body :
       {"", "not XML", "<Error></Error>", "<Code>never closed", "</Code><Code>",
        "<code>x</code>", "<html>502 Bad Gateway</html>"}) {
    EXPECT_EQ(error_code(body), "") << body;
  }
}

TEST(Describe, IsShortAndFitForTheLog) {
  EXPECT_EQ(describe(answer(503, "SlowDown")), "503 SlowDown");
  EXPECT_EQ(describe(answer(502)), "502");
  EXPECT_EQ(describe(silence(true)), "Recv failure: Connection reset by peer");
  EXPECT_EQ(describe(answer(400, "a\nb\x01\xFF")), "400 ab\xEF\xBF\xBD");
  EXPECT_EQ(describe(answer(400, std::string(5000, 'x'))), "400 " + std::string(100, 'x'));
}

TEST(PauseAfter, GrowsAndIsJittered) {
  EXPECT_EQ(pause_after(answer(500), 1, 0), milliseconds(0));
  EXPECT_EQ(pause_after(answer(500), 1, 0.5), milliseconds(50));
  EXPECT_EQ(pause_after(answer(500), 1, 1), milliseconds(100));
  EXPECT_EQ(pause_after(answer(500), 2, 0.5), milliseconds(200));
  EXPECT_EQ(pause_after(answer(500), 2, 1), milliseconds(400));
  EXPECT_EQ(pause_after(silence(true), 1, 1), milliseconds(100));
}

TEST(PauseAfter, IsASecondMoreForAStoreThatIsOverloaded) {
  EXPECT_EQ(pause_after(answer(503, "SlowDown"), 1, 0.5), milliseconds(1050));
  EXPECT_EQ(pause_after(answer(429), 2, 0.5), milliseconds(1200));
}

TEST(PauseAfter, IsAtLeastWhatTheStoreAsksFor) {
  HttpReply reply = answer(503);
  reply.retry_after = seconds(7);
  EXPECT_EQ(pause_after(reply, 1, 1), seconds(7));
  reply.retry_after = seconds(0);
  EXPECT_EQ(pause_after(reply, 1, 1), milliseconds(100));
  reply = answer(503, "SlowDown");
  reply.retry_after = seconds(1);
  EXPECT_EQ(pause_after(reply, 1, 1), milliseconds(1100));
}

}  // namespace
}  // namespace photodrop::s3
