#include "s3/endpoint.h"

#include <gtest/gtest.h>

namespace photodrop::s3 {
namespace {

// "scheme host", or "nothing".
std::string parsed(std::string_view url) {
  const auto endpoint = parse_endpoint(url);
  return endpoint ? endpoint->scheme + " " + endpoint->host : "nothing";
}

ObjectAddress address(Addressing addressing, std::string_view key) {
  return address_of({{"https", "s3.example:8443"}, "photos", addressing}, key);
}

TEST(ParseEndpoint, TakesSchemeAndHost) {
  EXPECT_EQ(parsed("http://localhost"), "http localhost");
  EXPECT_EQ(parsed("https://s3.eu-west-1.amazonaws.com"), "https s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(parsed("https://s3.example/"), "https s3.example");
  EXPECT_EQ(parsed("http://10.0.0.1:9000"), "http 10.0.0.1:9000");
  EXPECT_EQ(parsed("http://my_minio:9000/"), "http my_minio:9000");
}

TEST(ParseEndpoint, IsOfLowerCase) {
  EXPECT_EQ(parsed("HTTPS://S3.Example:8443"), "https s3.example:8443");
}

// As clients write the Host header, which is signed.
TEST(ParseEndpoint, KeepsAPortThatIsNotTheSchemesOwn) {
  EXPECT_EQ(parsed("http://h:80"), "http h");
  EXPECT_EQ(parsed("https://h:443"), "https h");
  EXPECT_EQ(parsed("http://h:443"), "http h:443");
  EXPECT_EQ(parsed("https://h:80"), "https h:80");
  EXPECT_EQ(parsed("http://h:1"), "http h:1");
  EXPECT_EQ(parsed("http://h:65535"), "http h:65535");
  EXPECT_EQ(parsed("http://h:09000"), "http h:9000");
  EXPECT_EQ(parsed("http://h:080"), "http h");
}

TEST(ParseEndpoint, TakesIpv6InBrackets) {
  EXPECT_EQ(parsed("http://[::1]"), "http [::1]");
  EXPECT_EQ(parsed("http://[::1]:9000"), "http [::1]:9000");
  EXPECT_EQ(parsed("http://[::1]:80/"), "http [::1]");
  EXPECT_EQ(parsed("https://[FE80::ABCD:1.2.3.4]:9000"), "https [fe80::abcd:1.2.3.4]:9000");
}

TEST(ParseEndpoint, RefusesAnythingElse) {
  for (const char* const url : {"",
                                "localhost",
                                "localhost:9000",
                                "//localhost",
                                "ftp://localhost",
                                "http:/localhost",
                                "http://",
                                "http:///",
                                "http://h//",
                                "http://h/path",
                                "http://h/bucket/",
                                "http://h?q",
                                "http://h#f",
                                "http://user@h",
                                "http://user:secret@h:9000",
                                "http://h:",
                                "http://:9000",
                                "http://h:0",
                                "http://h:65536",
                                "http://h:-1",
                                "http://h:+1",
                                "http://h:9x",
                                "http://h: 1",
                                "http://h:1:2",
                                "http://[]",
                                "http://[::1",
                                "http://::1",
                                "http://[::1]x",
                                "http://[::1]9000",
                                "http://[h]",
                                "http://h h",
                                " http://h",
                                "http://h ",
                                "http://h\n",
                                "http://h\\x",
                                "http://\xC3\xBC.example",
                                "http://h%41",
                                "https://http://h"}) {
    EXPECT_EQ(parsed(url), "nothing") << url;
  }
}

TEST(DefaultAddressing, IsVirtualHostForAwsAlone) {
  for (const char* const host :
       {"s3.amazonaws.com", "s3.eu-west-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"}) {
    EXPECT_EQ(default_addressing({"https", host}), Addressing::virtual_host) << host;
  }
  for (const char* const host :
       {"localhost:9000", "amazonaws.com", "xamazonaws.com", "s3.amazonaws.com.example",
        "account.r2.cloudflarestorage.com", "s3.amazonaws.com:8443"}) {
    EXPECT_EQ(default_addressing({"https", host}), Addressing::path) << host;
  }
}

TEST(AddressOf, NamesTheBucketInPathOrHost) {
  const auto path = address(Addressing::path, "a.jpg");
  EXPECT_EQ(path.scheme, "https");
  EXPECT_EQ(path.host, "s3.example:8443");
  EXPECT_EQ(path.path, "/photos/a.jpg");
  EXPECT_EQ(path.url(), "https://s3.example:8443/photos/a.jpg");

  const auto host = address(Addressing::virtual_host, "a.jpg");
  EXPECT_EQ(host.host, "photos.s3.example:8443");
  EXPECT_EQ(host.path, "/a.jpg");
  EXPECT_EQ(host.url(), "https://photos.s3.example:8443/a.jpg");
}

// "Object key naming guidelines" and the signature's UriEncode: each byte once, '/' kept.
TEST(AddressOf, EncodesTheKeyOnce) {
  EXPECT_EQ(address(Addressing::path, "a b+c%41?d#e&f.jpg").path,
            "/photos/a%20b%2Bc%2541%3Fd%23e%26f.jpg");
  EXPECT_EQ(address(Addressing::path, "\xC3\xBC/~x-1_2.jpg").path, "/photos/%C3%BC/~x-1_2.jpg");
  EXPECT_EQ(address(Addressing::path, "a//b/../c").path, "/photos/a//b/../c");
  EXPECT_EQ(address(Addressing::path, "(a)!*'").path, "/photos/%28a%29%21%2A%27");
}

}  // namespace
}  // namespace photodrop::s3
