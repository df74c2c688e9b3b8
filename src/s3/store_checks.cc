#include "s3/store_checks.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "s3/hints.h"
#include "s3/listing.h"
#include "s3/retry.h"
#include "s3/round_trip.h"

namespace photodrop::s3 {
namespace {

using enum Diagnosis::Verdict;

constexpr char kReach[] = "store reach";
constexpr char kAddressing[] = "store addressing";
constexpr char kClock[] = "store clock";
constexpr char kRegion[] = "store region";
constexpr char kBucket[] = "store bucket";
constexpr char kVersioning[] = "store versioning";
constexpr char kNoAnswer[] = "the store does not answer";

constexpr std::chrono::seconds kNotableSkew{30};
// "RequestTimeTooSkewed", Error responses, Amazon S3 API Reference.
constexpr std::chrono::seconds kLargestSkew{15 * 60};

Diagnosis skip(const char* name, const std::string& why) {
  return {.name = name, .verdict = skipped, .text = why};
}

std::vector<Diagnosis> with_skipped(std::vector<Diagnosis> found,
                                    std::initializer_list<const char*> names,
                                    const std::string& why) {
  for (const char* const name : names) found.push_back(skip(name, why));
  return found;
}

// The URL of the bucket itself.
std::string place_of(const Bucket& bucket) {
  return address_of(bucket, "").url();
}

Diagnosis check_reach(const Bucket& bucket, const HttpReply& reply) {
  if (reply.status != 0) {
    return {.name = kReach, .text = address_of(bucket, "").host + " answers"};
  }
  return {.name = kReach, .verdict = bad, .text = describe(reply), .hint = hint_for(reply)};
}

// A wildcard certificate holds for one label: none is valid for my.bucket.host (RFC 6125
// §6.4.3).
bool breaks_certificates(const Bucket& bucket) {
  return bucket.endpoint.scheme == "https" && bucket.name.find('.') != std::string::npos;
}

Diagnosis check_virtual_host(const Bucket& bucket, const HttpReply& reply) {
  Diagnosis found{.name = kAddressing,
                  .verdict = bad,
                  .text = "virtual host, " + place_of(bucket),
                  .hint = "set S3_ADDRESSING=path"};
  if (reply.status == 0 && breaks_certificates(bucket)) {
    found.text += ": no certificate holds for a bucket's name with dots";
  } else if (reply.unknown_host) {
    found.text += ": this name has no address";
  } else if (reply.body.find("<ListAllMyBucketsResult") != std::string::npos) {
    found.text += ": the store does not take the name for a bucket's";
  } else if (reply.status == 0) {
    return skip(kAddressing, kNoAnswer);
  } else {
    found.verdict = good;
    found.hint.clear();
  }
  return found;
}

Diagnosis check_addressing(const Bucket& bucket, const HttpReply& reply) {
  if (bucket.addressing == Addressing::virtual_host) return check_virtual_host(bucket, reply);
  if (reply.status == 0) return skip(kAddressing, kNoAnswer);
  return {.name = kAddressing, .text = "path style, " + place_of(bucket)};
}

Diagnosis check_clock(const HttpReply& reply) {
  if (!reply.date) return skip(kClock, "the store does not tell the time");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::chrono::seconds lead = now - *reply.date;
  const std::string text = "this machine's clock is " + std::to_string(std::abs(lead.count())) +
                           " s " + (lead.count() < 0 ? "behind" : "ahead of") + " the store's";
  if (std::chrono::abs(lead) <= kNotableSkew) return {.name = kClock, .text = text};
  return {.name = kClock,
          .verdict = std::chrono::abs(lead) <= kLargestSkew ? warning : bad,
          .text = text,
          .hint =
              "let a time service (systemd-timesyncd, chrony) set the clock: signatures "
              "and presigned URLs carry the time"};
}

bool is_region_fault(std::string_view code) {
  static constexpr std::array<std::string_view, 4> kCodes = {
      "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect",
      "IllegalLocationConstraintException"};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

// A store that does not look at the region accepts any.
Diagnosis check_region(const std::string& region, const HttpReply& reply) {
  const std::string_view code = error_code(reply.body);
  std::string wanted = reply.bucket_region;
  if (wanted.empty()) wanted = xml_value(reply.body, "Region");
  const bool differs = !wanted.empty() && wanted != region;
  if (judge(reply) == Verdict::done) {
    return {.name = kRegion, .text = region + " is accepted"};
  }
  if (!differs && !is_region_fault(code)) {
    return wanted.empty() ? skip(kRegion, "the store has not said")
                          : Diagnosis{.name = kRegion, .text = region + " is the bucket's"};
  }
  const std::string hint =
      differs ? "set AWS_REGION=" + wanted : "set AWS_REGION to the region of the bucket";
  return {.name = kRegion,
          .verdict = bad,
          .text = region + " is refused: " + describe(reply),
          .hint = hint + "; an S3_ENDPOINT_URL that names a region must name the same"};
}

bool is_listing(std::string_view body) {
  try {
    parse_listing(body);
    return true;
  } catch (const Error&) {
    return false;
  }
}

Diagnosis check_bucket(const Bucket& bucket, const HttpReply& reply) {
  Diagnosis found{.name = kBucket, .verdict = bad, .text = {}};
  if (judge(reply) != Verdict::done) {
    found.text = bucket.name + " cannot be listed: " + describe(reply);
    found.hint = hint_for(reply);
  } else if (!is_listing(reply.body)) {
    found.text = "the answer is no list of a bucket";
    found.hint =
        "S3_ENDPOINT_URL must lead to an S3 store, by S3_ADDRESSING as it is used there";
  } else {
    found.verdict = good;
    found.text = bucket.name + " can be listed";
  }
  return found;
}

Diagnosis check_versioning(const Bucket& bucket, Sender& sender) {
  const Outcome outcome = sender.send(
      {.method = "GET", .address = address_of(bucket, ""), .query = {{"versioning", ""}}});
  if (!outcome.done) {
    return skip(kVersioning, "the store does not say: " + describe(outcome.last));
  }
  const std::string_view status = xml_value(outcome.last.body, "Status");
  if (status != "Enabled") {
    return {.name = kVersioning, .text = status.empty() ? "off" : "suspended"};
  }
  return {.name = kVersioning,
          .verdict = warning,
          .text = "on: what is deleted is only hidden, this check's own object too",
          .hint =
              "give the bucket a lifecycle rule that ends noncurrent versions, or suspend "
              "versioning"};
}

}  // namespace

std::vector<Diagnosis> check_store(const StoreOptions& options) {
  const Bucket& bucket = options.bucket;
  Sender sender(options.sender);
  const Outcome listing =
      sender.send({.method = "GET",
                   .address = address_of(bucket, ""),
                   .query = {{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", "1"}}});
  const HttpReply& reply = listing.last;
  std::vector<Diagnosis> found = {check_reach(bucket, reply), check_addressing(bucket, reply)};
  if (reply.status == 0) {
    return with_skipped(std::move(found),
                        {kClock, kRegion, kBucket, kRoundTrip, kPublicUrl, kVersioning},
                        kNoAnswer);
  }
  found.push_back(check_clock(reply));
  found.push_back(check_region(options.sender.region, reply));
  found.push_back(found.back().verdict == bad ? skip(kBucket, "the region is wrong")
                                              : check_bucket(bucket, reply));
  if (found.back().verdict != good) {
    return with_skipped(std::move(found), {kRoundTrip, kPublicUrl, kVersioning},
                        "the bucket cannot be used");
  }
  for (Diagnosis& step : check_round_trip(options, sender)) found.push_back(std::move(step));
  found.push_back(check_versioning(bucket, sender));
  return found;
}

}  // namespace photodrop::s3
