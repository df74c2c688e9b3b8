// What requests to the store share.
#include <gtest/gtest.h>

#include "base/error.h"
#include "s3/scripted_store.h"

namespace photodrop::testing {
namespace {

std::string cause_of_removal(s3::Client& client) {
  try {
    client.remove("uuid_a.jpg");
  } catch (const Error& error) {
    return error.cause();
  }
  return "none";
}

TEST(Sender, GivesOneDeadlineToAllOfOnePieceOfWork) {
  ScriptedServer server({hangs(), answers(http_answer(204))});
  s3::Client client(options_for(server.host(), milliseconds(500)));
  client.share_deadline();
  EXPECT_NE(cause_of_removal(client), "none");
  EXPECT_EQ(cause_of_removal(client), "DELETE: no time is left");
  EXPECT_EQ(client.put(
                {.key = "uuid_b.jpg", .content_type = "image/jpeg", .bytes = {}, .sha256 = {}}),
            PutOutcome::absent);
  EXPECT_EQ(client.meter().attempts, 1);
  client.share_deadline();
  EXPECT_EQ(cause_of_removal(client), "none");
  EXPECT_EQ(client.meter().attempts, 2);
}

}  // namespace
}  // namespace photodrop::testing
