// A store that passes every check of the doctor, to be given one fault.
#pragma once

#include <array>
#include <ctime>
#include <string>
#include <vector>

#include "s3/round_trip.h"
#include "s3/scripted_store.h"
#include "s3/store_checks.h"
#include "support/diagnoses.h"

namespace photodrop::testing {

inline constexpr char kListing[] =
    "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

// As HTTP writes it (RFC 9110 §5.6.7).
inline std::string date_header(std::time_t time) {
  std::array<char, 64> text{};
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
  return text.data();
}

// The doctor's requests in their order.
enum DoctorTurn : std::size_t {
  kListTurn,
  kPutTurn,
  kGetTurn,
  kDeleteTurn,
  kGoneTurn,
  kVersioningTurn,
};

// What checks find, and what they asked for.
struct Visit {
  std::vector<Diagnosis> found;
  std::vector<ScriptedServer::Seen> requests;         // of the store
  std::vector<ScriptedServer::Seen> public_requests;  // by S3_PUBLIC_URL

  // "GET /photos/uuid_doctor.txt" and so on: the request line without its version.
  std::string line(std::size_t number) const {
    const std::string& head = requests.at(number).head;
    return head.substr(0, head.find(" HTTP/"));
  }
};

struct GoodStore {
  std::vector<Turn> turns = {
      answers(http_answer(200, kListing, date_header(std::time(nullptr)))),
      answers(http_answer(200)),
      answers(http_answer(200, s3::kTrialBytes)),
      answers(http_answer(204)),
      answers(s3_error(404, "NoSuchKey")),
      answers(http_answer(200, "<VersioningConfiguration/>")),
  };
  Turn opening = answers(http_answer(200, s3::kTrialBytes));  // of the presigned URL

  Visit visit() const {
    const ScriptedServer server(turns);
    const ScriptedServer gateway({opening});
    s3::StoreOptions options = options_for(server.host());
    options.public_bucket.endpoint.host = gateway.host();
    const auto found = s3::check_store(options);
    return {found, server.requests(), gateway.requests()};
  }

  std::vector<Diagnosis> check() const { return visit().found; }
};

// What a good store's other answers are worth when this is the first.
inline std::vector<Diagnosis> check_listing(const std::string& answer) {
  GoodStore store;
  store.turns[kListTurn] = answers(answer);
  return store.check();
}

}  // namespace photodrop::testing
