// Each limit of a form from both sides: the most that is taken and the least that is refused.
#include <gtest/gtest.h>

#include "http/multipart.h"
#include "support/form.h"

namespace photodrop::testing {
namespace {

using namespace std::string_literals;

constexpr char kDisposition[] = "Content-Disposition: form-data; name=\"a\"; filename=\"b\"";

Form with_boundary(const std::string& boundary) {
  return {"multipart/form-data; boundary=" + boundary, "--" + boundary + "--\r\n"};
}

// A form of one part whose header lines, without the last CRLF, are `headers`.
Form with_headers(const std::string& headers) {
  return {"multipart/form-data; boundary=XY",
          "--XY\r\n" + headers + "\r\n\r\ncontent\r\n--XY--\r\n"};
}

Form with_preamble(const std::string& preamble) {
  return {"multipart/form-data; boundary=XY", preamble + "\r\n--XY--\r\n"};
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(MultipartLimits, ABoundaryOf70Bytes) {
  EXPECT_EQ(refusal_of(with_boundary("a")), "accepted");
  EXPECT_EQ(refusal_of(with_boundary(std::string(70, 'a'))), "accepted");
  EXPECT_EQ(refusal_of(with_boundary(std::string(71, 'a'))),
            "The boundary in the Content-Type header is not valid.");
}

TEST(MultipartLimits, APreambleOf1024Bytes) {
  EXPECT_EQ(refusal_of(with_preamble(std::string(1024, 'a'))), "accepted");
  EXPECT_EQ(refusal_of(with_preamble(std::string(1025, 'a'))),
            "The upload does not start with the boundary that its Content-Type names.");
}

TEST(MultipartLimits, SixteenParts) {
  const FormEntry entry{"a", std::nullopt, "", "b"};
  const Form most = make_form(std::vector<FormEntry>(16, entry));
  EXPECT_EQ(parse_multipart(most.content_type, most.body).size(), 16U);
  EXPECT_EQ(refusal_of(make_form(std::vector<FormEntry>(17, entry))),
            "The upload has more than 16 parts.");
}

TEST(MultipartLimits, EightHeadersInAPart) {
  const std::string disposition = kDisposition;
  EXPECT_EQ(refusal_of(with_headers(repeated("X: y\r\n", 7) + disposition)), "accepted");
  EXPECT_EQ(refusal_of(with_headers(repeated("X: y\r\n", 8) + disposition)),
            "A part of the upload has more than 8 headers.");
}

TEST(MultipartLimits, HeadersOf8192Bytes) {
  const std::string start = kDisposition + "\r\nX: "s;
  EXPECT_EQ(refusal_of(with_headers(start + std::string(8192 - start.size(), 'y'))),
            "accepted");
  EXPECT_EQ(refusal_of(with_headers(start + std::string(8193 - start.size(), 'y'))),
            "A part of the upload has more than 8192 bytes of headers.");
}

TEST(MultipartLimits, AFilenameOf4KilobytesIsTaken) {
  const std::string name = repeated("\xF0\x9F\x98\x80", 1023) + ".jpg";
  const Form form = make_form({{"photo", name, "image/jpeg", "x"}});
  EXPECT_EQ(parse_multipart(form.content_type, form.body).at(0).filename, name);
}

TEST(MultipartLimits, ATextFieldOf4096Bytes) {
  EXPECT_EQ(refusal_of(make_form({{"a", std::nullopt, "", std::string(4096, 'x')}})),
            "accepted");
  EXPECT_EQ(refusal_of(make_form({{"a", std::nullopt, "", std::string(4097, 'x')}})),
            "A text field of the upload has more than 4096 bytes.");
}

TEST(MultipartLimits, AFileIsNotLimitedHere) {
  EXPECT_EQ(refusal_of(make_form({{"a", "", "", std::string(1 << 20, 'x')}})), "accepted");
}

TEST(MultipartLimits, TheEpilogueIsNotLimited) {
  EXPECT_EQ(refusal_of({"multipart/form-data; boundary=XY",
                        "--XY--\r\n" + repeated("\r\n--XY\r\n", 100000)}),
            "accepted");
}

}  // namespace
}  // namespace photodrop::testing
