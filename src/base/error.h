// What can go wrong, as one closed list, and the exception that carries it.
//
// An Error is thrown where the fact is known and caught once, in the API, where Fault decides
// the HTTP answer (http/problem.h). What is expected is not an error: a function that may find
// nothing returns std::optional.
#pragma once

#include <stdexcept>
#include <string>

namespace photodrop {

enum class Fault {
  malformed_upload,      // broken, truncated or ambiguous multipart or request
  unsupported_type,      // declared or actual type is not one of the four
  invalid_image,         // truncated, corrupt, or over the pixel budget
  too_large,             // the photo is over MAX_IMAGE_SIZE_BYTES
  missing_photo,         // no file field `photo`
  invalid_parameter,     // a query value or a header that cannot be
  idempotency_mismatch,  // the key was used for another photo
  in_progress,           // an upload with this key has not ended
  unauthorized,          // no token that is in force
  forbidden,             // the token is not for this
  not_found,             // no such route or photo
  no_thumbnail,          // none can be made of the photo
  method_not_allowed,    // the route is there, the method is not
  busy,                  // what is asked for takes longer than anyone waits
  storage_unavailable,   // the S3 store failed or did not answer
  database_unavailable,  // PostgreSQL failed or did not answer
  internal,              // a bug
};

class Error : public std::runtime_error {
 public:
  // `detail` is one clear sentence for the client. `cause` is for the log alone: it may hold an
  // S3 code or an SQL state, and never a secret or a signed URL.
  Error(Fault fault, const std::string& detail, std::string cause = {})
      : std::runtime_error(detail), fault_(fault), cause_(std::move(cause)) {}

  Fault fault() const { return fault_; }
  std::string detail() const { return what(); }
  const std::string& cause() const { return cause_; }

 private:
  Fault fault_;
  std::string cause_;
};

// For the log: the cause of an Error that has one, what() of any other exception.
std::string cause_of(const std::exception& error);

}  // namespace photodrop
