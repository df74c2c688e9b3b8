// What clients put on the wire, byte for byte: the file names are the ones that tell them
// apart.
#include <gtest/gtest.h>

#include "http/multipart.h"
#include "support/form.h"

namespace photodrop::testing {
namespace {

using namespace std::string_literals;

// Parses `form` and returns its only part that has a filename.
FormPart file_of(const Form& form) {
  std::vector<FormPart> files = parse_multipart(form.content_type, form.body);
  std::erase_if(files, [](const FormPart& part) { return !part.filename; });
  EXPECT_EQ(files.size(), 1U);
  return files.at(0);
}

void expect_photo(const FormPart& part, const std::string& filename) {
  EXPECT_EQ(part.name, "photo");
  EXPECT_EQ(part.filename, filename);
  EXPECT_EQ(part.content, "GIF89a");
}

TEST(MultipartClients, CurlWithATextField) {
  const Form form{"multipart/form-data; boundary=------------------------493244a9454af76d",
                  "--------------------------493244a9454af76d\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; filename=\"a.gif\"\r\n"
                  "Content-Type: image/gif\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "--------------------------493244a9454af76d\r\n"
                  "Content-Disposition: form-data; name=\"title\"\r\n"
                  "\r\n"
                  "hello\r\n"
                  "--------------------------493244a9454af76d--\r\n"};
  expect_photo(file_of(form), "a.gif");
  EXPECT_EQ(file_of(form).content_type, "image/gif");
  EXPECT_EQ(parse_multipart(form.content_type, form.body).at(1).content, "hello");
}

TEST(MultipartClients, CurlPercentEncodesQuotesAndKeepsBackslashes) {
  const Form form{"multipart/form-data; boundary=------------------------925fefddd1d559fb",
                  "--------------------------925fefddd1d559fb\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; "
                  "filename=\"q%22uo\\te;\xC3\xBCn\xC3\xAF.jpg\"\r\n"
                  "Content-Type: image/jpeg\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "--------------------------925fefddd1d559fb--\r\n"};
  expect_photo(file_of(form), "q\"uo\\te;\xC3\xBCn\xC3\xAF.jpg");
}

TEST(MultipartClients, CurlWithFormEscapeAndAHeaderOfItsOwn) {
  const Form form{
      "multipart/form-data; boundary=------------------------17e75778b36fa4c9",
      "--------------------------17e75778b36fa4c9\r\n"
      "Content-Disposition: form-data; name=\"photo\"; filename=\"q\\\"uo\\\\te.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n"
      "X-One: 1\r\n"
      "\r\n"
      "GIF89a\r\n"
      "--------------------------17e75778b36fa4c9--\r\n"};
  expect_photo(file_of(form), "q\"uo\\\\te.jpg");
}

TEST(MultipartClients, ChromiumSendsNulAndControlsRaw) {
  const Form form{"multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
                  "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; "
                  "filename=\"nul\0\x01%0D%0A%22\\\xF0\x9F\x98\x80.gif\"\r\n"
                  "Content-Type: image/gif\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n"s};
  expect_photo(file_of(form), "nul\0\x01\r\n\"\\\xF0\x9F\x98\x80.gif"s);
}

TEST(MultipartClients, FirefoxAndItsOlderBackslashEscapes) {
  const Form form{
      "multipart/form-data; boundary=---------------------------9051914041544843365972754266",
      "-----------------------------9051914041544843365972754266\r\n"
      "Content-Disposition: form-data; name=\"photo\"; filename=\"my \\\"best\\\" one.gif\"\r\n"
      "Content-Type: image/gif\r\n"
      "\r\n"
      "GIF89a\r\n"
      "-----------------------------9051914041544843365972754266--\r\n"};
  expect_photo(file_of(form), "my \"best\" one.gif");
}

TEST(MultipartClients, NodeFetchWithATextFieldOfTwoLines) {
  const Form form{"multipart/form-data; boundary=----formdata-undici-082349241883",
                  "------formdata-undici-082349241883\r\n"
                  "Content-Disposition: form-data; name=\"title\"\r\n"
                  "\r\n"
                  "hello\r\nworld\r\n"
                  "------formdata-undici-082349241883\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; "
                  "filename=\"q%22uo\\te;\xC3\xBCn\xC3\xAF%0D%0A%22.jpg\"\r\n"
                  "Content-Type: image/gif\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "------formdata-undici-082349241883--\r\n"};
  expect_photo(file_of(form), "q\"uo\\te;\xC3\xBCn\xC3\xAF\r\n\".jpg");
  EXPECT_EQ(parse_multipart(form.content_type, form.body).at(0).content, "hello\r\nworld");
}

TEST(MultipartClients, NodeFetchCallsABlobBlob) {
  const Form form{"multipart/form-data; boundary=----formdata-undici-063298689546",
                  "------formdata-undici-063298689546\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; filename=\"blob\"\r\n"
                  "Content-Type: application/octet-stream\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "------formdata-undici-063298689546--\r\n"};
  expect_photo(file_of(form), "blob");
}

TEST(MultipartClients, PythonRequestsDoublesBackslashesAndSendsNoType) {
  const Form form{"multipart/form-data; boundary=e0678ff5803bd01c6d60498d716aaf99",
                  "--e0678ff5803bd01c6d60498d716aaf99\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; "
                  "filename=\"q%22uo\\\\te;%00\xC3\xBC%0D%0A.jpg\"\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "--e0678ff5803bd01c6d60498d716aaf99--\r\n"};
  expect_photo(file_of(form), "q\"uo\\\\te;%00\xC3\xBC\r\n.jpg");
  EXPECT_EQ(file_of(form).content_type, "");
}

TEST(MultipartClients, Urllib3WithATextFieldAfterTheFile) {
  const Form form{"multipart/form-data; boundary=f3b6a929b9023b7babbb2435631dab96",
                  "--f3b6a929b9023b7babbb2435631dab96\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; filename=\"a.gif\"\r\n"
                  "Content-Type: image/gif\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "--f3b6a929b9023b7babbb2435631dab96\r\n"
                  "Content-Disposition: form-data; name=\"n\"\r\n"
                  "\r\n"
                  "1\r\n"
                  "--f3b6a929b9023b7babbb2435631dab96--\r\n"};
  expect_photo(file_of(form), "a.gif");
}

TEST(MultipartClients, DotNetQuotesTheBoundaryAndNotTheNames) {
  const Form form{
      "multipart/form-data; boundary=\"6f3a1c2e-98d4-4a55-8a0b-2f6f5f1d7c11\"",
      "--6f3a1c2e-98d4-4a55-8a0b-2f6f5f1d7c11\r\n"
      "Content-Type: image/gif\r\n"
      "Content-Disposition: form-data; name=photo; filename=a.gif; filename*=utf-8''a.gif\r\n"
      "\r\n"
      "GIF89a\r\n"
      "--6f3a1c2e-98d4-4a55-8a0b-2f6f5f1d7c11--\r\n"};
  expect_photo(file_of(form), "a.gif");
}

TEST(MultipartClients, OkHttpSendsALengthAndAnEncoding) {
  const Form form{"multipart/form-data; boundary=0e6ff8e1-2f1c-4a5f-8d6e-6f0b9f4c2a77",
                  "--0e6ff8e1-2f1c-4a5f-8d6e-6f0b9f4c2a77\r\n"
                  "Content-Disposition: form-data; name=\"photo\"; filename=\"a.gif\"\r\n"
                  "Content-Transfer-Encoding: binary\r\n"
                  "Content-Type: image/gif\r\n"
                  "Content-Length: 6\r\n"
                  "\r\n"
                  "GIF89a\r\n"
                  "--0e6ff8e1-2f1c-4a5f-8d6e-6f0b9f4c2a77--\r\n"};
  expect_photo(file_of(form), "a.gif");
}

TEST(MultipartClients, AnHtmlFormWhoseFileChooserWasLeftEmpty) {
  const Form form{
      "multipart/form-data; boundary=----geckoformboundary7c9d1e0f3b5a2468ace013579bdf2468",
      "------geckoformboundary7c9d1e0f3b5a2468ace013579bdf2468\r\n"
      "Content-Disposition: form-data; name=\"caption\"\r\n"
      "\r\n"
      "\r\n"
      "------geckoformboundary7c9d1e0f3b5a2468ace013579bdf2468\r\n"
      "Content-Disposition: form-data; name=\"photo\"; filename=\"\"\r\n"
      "Content-Type: application/octet-stream\r\n"
      "\r\n"
      "\r\n"
      "------geckoformboundary7c9d1e0f3b5a2468ace013579bdf2468\r\n"
      "Content-Disposition: form-data; name=\"send\"\r\n"
      "\r\n"
      "Upload\r\n"
      "------geckoformboundary7c9d1e0f3b5a2468ace013579bdf2468--\r\n"};
  const auto parts = parse_multipart(form.content_type, form.body);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].content, "");
  EXPECT_EQ(parts[1].filename, "");
  EXPECT_EQ(parts[1].content, "");
  EXPECT_EQ(parts[2].content, "Upload");
}

TEST(MultipartClients, AnEmptyFormOfABrowser) {
  const Form form{"multipart/form-data; boundary=----WebKitFormBoundaryq2ocGwYJFp3mkFOd",
                  "------WebKitFormBoundaryq2ocGwYJFp3mkFOd--\r\n"};
  EXPECT_TRUE(parse_multipart(form.content_type, form.body).empty());
}

}  // namespace
}  // namespace photodrop::testing
