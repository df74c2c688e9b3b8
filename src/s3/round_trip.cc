#include "s3/round_trip.h"

#include <optional>
#include <string>

#include "base/digest.h"
#include "photos/names.h"
#include "s3/hints.h"
#include "s3/retry.h"

namespace photodrop::s3 {
namespace {

using enum Diagnosis::Verdict;

struct Trial {
  const StoreOptions& options;
  Sender& sender;
  std::string key = photo_key(random_uuid(), "doctor.txt");

  Outcome send(const std::string& method, std::string_view body = {}) {
    StoreRequest request{.method = method, .address = address_of(options.bucket, key)};
    if (!body.empty()) {
      request.headers = {{"content-type", "text/plain"}};
      request.payload_hash = hex(sha256(body));
      request.body = body;
    }
    return sender.send(request);
  }
};

Diagnosis fault(const std::string& text, const std::string& hint) {
  return {.name = kRoundTrip, .verdict = bad, .text = text, .hint = hint};
}

Diagnosis refusal(const std::string& method, const Outcome& outcome) {
  return fault(method + ": " + describe(outcome.last), hint_for(outcome.last));
}

// Both answer what is wrong, if anything is.

std::optional<Diagnosis> check_reading(Trial& trial) {
  const Outcome outcome = trial.send("GET");
  if (!outcome.done) return refusal("GET", outcome);
  if (outcome.last.body != kTrialBytes) {
    return fault("GET answers other bytes than PUT has sent",
                 "nothing on the way to the store may alter or cache what passes");
  }
  return std::nullopt;
}

std::optional<Diagnosis> check_deletion(Trial& trial) {
  const Outcome deletion = trial.send("DELETE");
  if (!deletion.done) {
    Diagnosis found = refusal("DELETE", deletion);
    found.text += "; " + trial.key + " stays in the bucket";
    return found;
  }
  const Outcome after = trial.send("GET");
  if (after.last.status == 404) return std::nullopt;
  if (!after.done) return refusal("GET of what was deleted", after);
  return fault("the store confirmed DELETE, and still has " + trial.key,
               "no cache may answer for the store, and no rule keep what is deleted");
}

std::string hint_for_readers(const HttpReply& reply) {
  if (reply.status == 0) {
    return "readers open photos at S3_PUBLIC_URL: it must be reachable, from here as well; " +
           hint_for(reply);
  }
  if (error_code(reply.body) == "SignatureDoesNotMatch") {
    return "a proxy in front of the store must pass on Host, path and query as they are, and "
           "S3_PUBLIC_URL be what readers' browsers ask for";
  }
  return "S3_PUBLIC_URL must lead to the same store as S3_ENDPOINT_URL, with path and query as "
         "they are";
}

// A connection without a signature's headers, as any reader's.
Diagnosis check_public_url(const Trial& trial) {
  const Endpoint& endpoint = trial.options.public_bucket.endpoint;
  const std::string place = endpoint.scheme + "://" + endpoint.host;
  Curl curl;
  const HttpReply reply =
      curl.perform({.method = "GET",
                    .url = presigner_at(trial.options, trial.sender.now()).url(trial.key),
                    .headers = {},
                    .body = {},
                    .timeout = trial.options.sender.deadline});
  if (judge(reply) != Verdict::done) {
    return {.name = kPublicUrl,
            .verdict = bad,
            .text = "a presigned URL does not open at " + place + ": " + describe(reply),
            .hint = hint_for_readers(reply)};
  }
  if (reply.body != kTrialBytes) {
    return {.name = kPublicUrl,
            .verdict = bad,
            .text = "a presigned URL opens something else at " + place,
            .hint = hint_for_readers(reply)};
  }
  return {.name = kPublicUrl, .text = "a presigned URL opens at " + place};
}

}  // namespace

std::vector<Diagnosis> check_round_trip(const StoreOptions& options, Sender& sender) {
  Trial trial{.options = options, .sender = sender};
  const Outcome put = trial.send("PUT", kTrialBytes);
  if (!put.done) {
    if (put.may_have_landed) trial.send("DELETE");
    return {refusal("PUT", put),
            {.name = kPublicUrl, .verdict = skipped, .text = "there is nothing to open"}};
  }
  const auto reading = check_reading(trial);
  const Diagnosis opening = check_public_url(trial);
  const auto deletion = check_deletion(trial);
  const Diagnosis all_well{.name = kRoundTrip, .text = "PUT, GET and DELETE work"};
  return {reading ? *reading : deletion.value_or(all_well), opening};
}

}  // namespace photodrop::s3
