// What an answer of the store means for the next step. Pure: no clock, no network.
// Source: botocore's "standard" retry mode and "Error responses", Amazon S3 API Reference.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "s3/curl.h"

namespace photodrop::s3 {

enum class Verdict {
  done,     // 2xx
  retry,    // a passing fault: the same request again may succeed
  refused,  // an answer that will not change
};

Verdict judge(const HttpReply& reply);

// Whether the object of a PUT with this reply may be there, or may yet appear. Only silence
// before the last byte and an answer of 3xx or 4xx mean that it is not. A 5xx says nothing of
// the bytes and may be a gateway's, as may a 408 when it lost its patience with the store.
bool may_have_landed(const HttpReply& reply);

// The text of the first element `name` in a small S3 document, as it stands there; empty when
// there is none. For values that need no unescaping and elements without attributes.
std::string_view xml_value(std::string_view body, std::string_view name);

// The <Code> of an S3 error document, such as SlowDown; empty when there is none.
std::string_view error_code(std::string_view body);

// "503 SlowDown" or the transport's failure: for the log, without anything secret.
std::string describe(const HttpReply& reply);

inline constexpr int kMaxAttempts = 3;

// How long to wait after the failed attempt number `attempt` (from 1): up to 100 and 400 ms,
// times `jitter` (0 to 1, "full jitter"); at least what the store asked for by Retry-After, and
// a second when it said to slow down.
std::chrono::milliseconds pause_after(const HttpReply& reply, int attempt, double jitter);

}  // namespace photodrop::s3
