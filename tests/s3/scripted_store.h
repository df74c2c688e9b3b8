// A client over a scripted server, and the turns that a store takes.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "s3/client.h"
#include "support/scripted_server.h"

namespace photodrop::testing {

using std::chrono::milliseconds;

inline s3::StoreOptions options_for(const std::string& host,
                                    milliseconds deadline = milliseconds(20'000)) {
  s3::Bucket bucket{{"http", host}, "photos", s3::Addressing::path};
  return {.bucket = bucket,
          .public_bucket = bucket,
          .sender = {.credentials = {"AKIDSCRIPTED", "a secret of the script", ""},
                     .deadline = deadline}};
}

inline Turn answers(const std::string& answer) {
  return {.answer = answer};
}

// Before the answer: the request came whole, so whatever it asked for may have been done.
inline Turn drops_the_line() {
  return {.then = Turn::Then::close};
}

inline Turn resets_the_line() {
  return {.then = Turn::Then::reset};
}

inline Turn hangs() {
  return {.then = Turn::Then::hang};
}

// In the middle of the body: what it asked for cannot have been done.
inline Turn drops_the_line_early() {
  return {.body_bytes = 1000, .then = Turn::Then::reset};
}

}  // namespace photodrop::testing
