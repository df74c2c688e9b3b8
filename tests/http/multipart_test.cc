// The grammar of a form: what is read, and how what is broken or ambiguous is refused.
// Limits, real clients and damaged bodies have files of their own.
#include "http/multipart.h"

#include <gtest/gtest.h>

#include "support/form.h"

namespace photodrop::testing {
namespace {

using namespace std::string_literals;

constexpr char kTruncated[] = "The upload is truncated: its closing boundary is missing.";
constexpr char kBareLineEnds[] = "The lines of the upload must end in CRLF.";
constexpr char kAmbiguous[] =
    "The upload is ambiguous: a line starts with the boundary but is not a delimiter.";
constexpr char kHeaderTwice[] = "A part of the upload has the same header twice.";
constexpr char kBadHeader[] = "A part of the upload has a malformed header.";
constexpr char kBadDisposition[] = "A part of the upload has a malformed Content-Disposition.";
constexpr char kDisposition[] = "Content-Disposition: form-data; name=\"a\"\r\n";

Form with_body(const std::string& body) {
  return {"multipart/form-data; boundary=XY", body};
}

// A form of one part whose header lines, each with its CRLF, are `headers`.
Form with_headers(const std::string& headers) {
  return with_body("--XY\r\n" + headers + "\r\ncontent\r\n--XY--\r\n");
}

Form with_content(const std::string& content) {
  return with_body("--XY\r\n"s + kDisposition + "\r\n" + content + "\r\n--XY--\r\n");
}

std::vector<FormPart> parse(const Form& form) {
  return parse_multipart(form.content_type, form.body);
}

std::string content_of(const Form& form) {
  return std::string(parse(form).at(0).content);
}

std::string refusal_of_type(const std::string& content_type) {
  return refusal_of({content_type, with_content("x").body});
}

TEST(Multipart, ReadsPartsInTheirOrder) {
  const Form form = make_form(
      {{"title", std::nullopt, "", "hello"}, {"photo", "a.gif", "image/gif", "GIF89a"}});
  const auto parts = parse(form);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "title");
  EXPECT_EQ(parts[0].filename, std::nullopt);
  EXPECT_EQ(parts[0].content_type, "");
  EXPECT_EQ(parts[0].content, "hello");
  EXPECT_EQ(parts[1].name, "photo");
  EXPECT_EQ(parts[1].filename, "a.gif");
  EXPECT_EQ(parts[1].content_type, "image/gif");
  EXPECT_EQ(parts[1].content, "GIF89a");
}

TEST(Multipart, ContentIsAViewIntoTheBody) {
  const Form form = with_content("GIF89a");
  EXPECT_EQ(parse(form).at(0).content.data(), form.body.data() + form.body.find("GIF89a"));
}

TEST(Multipart, KeepsEveryByteOfTheContent) {
  for (const std::string& content :
       {""s, "\r\n"s, "\r"s, "\n\n"s, "--"s, "--X"s, "a--XY--\r\nb"s, "\r\n--X"s,
        "\r\r\n\r\n\0\r\n"s, "Content-Type: x\r\n\r\n"s}) {
    EXPECT_EQ(content_of(with_content(content)), content);
  }
}

TEST(Multipart, LeavesRepeatedNamesToTheCaller) {
  const auto parts = parse(make_form({{"photo", "a", "", "1"}, {"photo", "b", "", "2"}}));
  EXPECT_EQ(parts.size(), 2U);
}

TEST(Multipart, AnEmptyFormHasNoParts) {
  EXPECT_TRUE(parse(with_body("--XY--")).empty());
  EXPECT_TRUE(parse(with_body("--XY--\r\n")).empty());
}

TEST(Multipart, PassesOverPreambleAndEpilogue) {
  const std::string body = with_content("x").body;
  EXPECT_EQ(content_of(with_body("\r\n" + body)), "x");
  EXPECT_EQ(content_of(with_body("This is MIME.\r\n" + body)), "x");
  EXPECT_EQ(content_of(with_body(body + "\r\n--XY\r\nmore\n--XY")), "x");
}

TEST(Multipart, AllowsSpaceAfterDelimiters) {
  EXPECT_EQ(content_of(with_body("--XY \t \r\n"s + kDisposition + "\r\nx\r\n--XY--\t ")), "x");
}

TEST(Multipart, TakesTheBoundaryFromTheContentType) {
  for (const std::string& type :
       {"multipart/form-data;boundary=XY"s, "Multipart/Form-Data ; BOUNDARY=XY"s,
        "multipart/form-data; boundary=\"XY\""s,
        "multipart/form-data; charset=utf-8; boundary=XY;"s}) {
    EXPECT_EQ(refusal_of_type(type), "accepted") << type;
  }
  const std::string odd = "a'()+_,-./:=? z";
  EXPECT_EQ(refusal_of({"multipart/form-data; boundary=\"" + odd + '"', "--" + odd + "--"}),
            "accepted");
}

TEST(Multipart, RefusesOtherMediaTypes) {
  for (const std::string& type : {""s, "image/jpeg"s, "multipart/mixed; boundary=XY"s}) {
    EXPECT_EQ(refusal_of_type(type), "The Content-Type is not multipart/form-data.") << type;
  }
}

TEST(Multipart, RefusesAMissingOrBrokenOrDoubledBoundary) {
  EXPECT_EQ(refusal_of_type("multipart/form-data"),
            "The Content-Type header names no boundary.");
  for (const std::string& value : {"\"\""s, "\"XY \""s, "\"X%Y\""s, "\"X\\\"Y\""s, "\"X\0Y\""s,
                                   "\"X\xC3\xBC\""s, "\"" + "X\r\nY\""s}) {
    EXPECT_EQ(refusal_of_type("multipart/form-data; boundary=" + value),
              "The boundary in the Content-Type header is not valid.")
        << value;
  }
  for (const std::string& value : {""s, "X Y"s, "\"XY"s, "XY, multipart/form-data"s, "X:Y"s}) {
    EXPECT_EQ(refusal_of_type("multipart/form-data; boundary=" + value),
              "The Content-Type header is malformed.")
        << value;
  }
  EXPECT_EQ(refusal_of_type("multipart/form-data; boundary=XY; Boundary=XY"),
            "The parameter boundary is given twice in one header.");
}

TEST(Multipart, RefusesABodyThatDoesNotStartWithTheBoundary) {
  for (const std::string& body : {"x"s, "--XZ\r\n"s, "text --XY--\r\n"s, "--X-XY--"s}) {
    EXPECT_EQ(refusal_of(with_body(body)),
              "The upload does not start with the boundary that its Content-Type names.")
        << body;
  }
}

TEST(Multipart, RefusesABodyWithoutItsClosingDelimiter) {
  const std::string open = "--XY\r\n"s + kDisposition + "\r\nx";
  for (const std::string& body : {""s, "-"s, "--X"s, "--XY"s, "--XY-"s, "--XY \r"s, "--XY\r\n"s,
                                  open, open + "--XY--", open + "\r\n--XY\r\n"s}) {
    EXPECT_EQ(refusal_of(with_body(body)), kTruncated) << body;
  }
}

TEST(Multipart, RefusesLinesThatEndInABareLineFeedOrReturn) {
  std::string unix_lines = with_content("x").body;
  std::erase(unix_lines, '\r');
  const std::string disposition = kDisposition;
  for (const Form& form :
       {with_body(unix_lines), with_body("\n" + with_content("x").body), with_body("--XY--\n"),
        with_content("x\n--XY--\r\n"),
        with_body("--XY\r\n" + disposition + "\r\nx\n--XY--\r\n"),
        with_headers("A: b\n" + disposition), with_headers("A: b\r" + disposition)}) {
    EXPECT_EQ(refusal_of(form), kBareLineEnds) << form.body;
  }
}

TEST(Multipart, RefusesALineThatOnlyStartsWithTheBoundary) {
  for (const std::string& line : {"--XYZ"s, "--XY-"s, "--XY-- Z"s, "--XY--\r"s, "--XY Z"s,
                                  "--XY\rZ"s, "--XY\0"s, "--XY---"s, "--XY\v"s}) {
    EXPECT_EQ(refusal_of(with_content("x\r\n" + line + "y")), kAmbiguous) << line;
    EXPECT_EQ(refusal_of(with_body(line + "y")), kAmbiguous) << line;
  }
}

TEST(Multipart, RefusesADelimiterThatSharesItsLineEndWithTheHeaders) {
  EXPECT_EQ(refusal_of(with_body("--XY\r\n"s + kDisposition + "\r\n--XY--\r\n")),
            "A part of the upload has no empty line after its headers.");
  EXPECT_EQ(refusal_of(with_body("--XY\r\n--XY--\r\n")), kTruncated);
}

TEST(Multipart, RefusesFoldedHeaders) {
  for (const std::string& fold : {" "s, "\t"s}) {
    EXPECT_EQ(refusal_of(with_headers("Content-Disposition: form-data;\r\n" + fold +
                                      "name=\"a\"\r\n")),
              "A part of the upload has a folded header, which is not supported.");
  }
}

TEST(Multipart, RefusesHeaderNamesThatAreNoTokens) {
  for (const std::string& line :
       {"no colon"s, ": value"s, "A : b"s, "A(b): c"s, "\xC3\xBC: c"s, "A\0: b"s, "--X"s}) {
    EXPECT_EQ(refusal_of(with_headers(line + "\r\n" + kDisposition)), kBadHeader) << line;
  }
  EXPECT_EQ(refusal_of(with_headers("\r\n"s + kDisposition)), kBadHeader);
}

TEST(Multipart, IgnoresOtherHeaders) {
  EXPECT_EQ(
      refusal_of(with_headers("Content-Length: 1\r\nX-A:\r\nX-A: \0\r\n"s + kDisposition)),
      "accepted");
}

TEST(Multipart, WantsOneContentDispositionWithOneName) {
  EXPECT_EQ(refusal_of(with_headers("A: b\r\n")),
            "A part of the upload has no Content-Disposition.");
  EXPECT_EQ(refusal_of(with_headers("")),
            "A part of the upload has no empty line after its headers.");
  EXPECT_EQ(refusal_of(with_body("--XY\r\n\r\n\r\n\r\n--XY--")),
            "A part of the upload has no Content-Disposition.");
  EXPECT_EQ(refusal_of(with_headers(kDisposition + "content-disposition: x\r\n"s)),
            kHeaderTwice);
  for (const std::string& value :
       {"attachment; name=\"a\""s, "form-data name=\"a\""s, "form-data; name=\"a"s,
        "form-data; name=\"a\" b"s, "form-data; name=a b"s, ""s}) {
    EXPECT_EQ(refusal_of(with_headers("Content-Disposition: " + value + "\r\n")),
              kBadDisposition)
        << value;
  }
  EXPECT_EQ(refusal_of(with_headers("Content-Disposition: form-data; filename=\"a\"\r\n")),
            "A part of the upload has no name.");
}

TEST(Multipart, RefusesDoubledNamesAndFilenames) {
  for (const std::string& name : {"name"s, "filename"s}) {
    EXPECT_EQ(refusal_of(with_headers("Content-Disposition: form-data; name=a; filename=b; " +
                                      name + "=c\r\n")),
              "The parameter " + name + " is given twice in one header.");
  }
}

TEST(Multipart, IgnoresExtendedNames) {
  const auto parts = parse(with_headers(
      "Content-Disposition: form-data; name=a; name*=utf-8''b; filename*=utf-8''c\r\n"));
  EXPECT_EQ(parts.at(0).name, "a");
  EXPECT_EQ(parts.at(0).filename, std::nullopt);
}

TEST(Multipart, ReadsTheMediaTypeOfAPart) {
  const Form form = with_headers(kDisposition + "content-TYPE:\t text/Plain ; charset=x\r\n"s);
  EXPECT_EQ(parse(form).at(0).content_type, "text/Plain");
  EXPECT_EQ(refusal_of(with_headers(kDisposition + "Content-Type: a\r\nContent-type: a\r\n"s)),
            kHeaderTwice);
}

TEST(Multipart, AcceptsOnlyTransferEncodingsThatChangeNothing) {
  const std::string header = kDisposition + "Content-Transfer-Encoding: "s;
  for (const std::string& value : {"binary"s, "8bit"s, "7BIT"s}) {
    EXPECT_EQ(refusal_of(with_headers(header + value + "\r\n")), "accepted") << value;
  }
  for (const std::string& value : {"base64"s, "quoted-printable"s, ""s, "binary, base64"s}) {
    EXPECT_EQ(refusal_of(with_headers(header + value + "\r\n")),
              "A part of the upload has a Content-Transfer-Encoding, which is not supported.")
        << value;
  }
  EXPECT_EQ(refusal_of(with_headers(header + "8bit\r\nContent-Transfer-Encoding: 8bit\r\n")),
            kHeaderTwice);
}

TEST(MediaType, IsLowerCaseWithoutParameters) {
  EXPECT_EQ(media_type_of(" Image/JPEG ;q=1"), "image/jpeg");
  EXPECT_EQ(media_type_of("image/png"), "image/png");
  EXPECT_EQ(media_type_of(""), "");
}

}  // namespace
}  // namespace photodrop::testing
