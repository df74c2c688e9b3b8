#include "support/form.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "http/multipart.h"

namespace photodrop::testing {
namespace {

constexpr char kBoundary[] = "----formBoundary0123456789abcdef";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "%22";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      default:
        out += c;
    }
  }
  return out + '"';
}

std::string_view view(const std::vector<char>& bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

Form make_form(const std::vector<FormEntry>& entries) {
  const std::string delimiter = std::string("--") + kBoundary;
  std::string body;
  for (const FormEntry& entry : entries) {
    body += delimiter + "\r\nContent-Disposition: form-data; name=" + quoted(entry.name);
    if (entry.filename) body += "; filename=" + quoted(*entry.filename);
    if (!entry.content_type.empty()) body += "\r\nContent-Type: " + entry.content_type;
    body += "\r\n\r\n" + entry.content + "\r\n";
  }
  return {std::string("multipart/form-data; boundary=") + kBoundary,
          body + delimiter + "--\r\n"};
}

Form odd_form() {
  using namespace std::string_literals;
  return {"multipart/form-data; boundary=XY",
          "preamble\r\n--XY \r\n"
          "Content-Disposition: form-data; name=\"title\"\r\n"
          "\r\n"
          "a \"title\"\r\n"
          "--XY\r\n"
          "Content-Disposition: form-data; name=photo; filename=\"a\\\"%22b\"; x=\"y\"\r\n"
          "Content-Type: image/gif; q=1\r\n"
          "Content-Transfer-Encoding: binary\r\n"
          "\r\n"
          "GIF89a\r\n--X\r\r\n\0--XY\r\n"
          "--XY--\r\nepilogue"s};
}

std::string refusal_of(const Form& form) {
  const std::vector<char> content_type(form.content_type.begin(), form.content_type.end());
  const std::vector<char> body(form.body.begin(), form.body.end());
  try {
    parse_multipart(view(content_type), view(body));
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::malformed_upload);
    return error.detail();
  }
}

}  // namespace photodrop::testing
