// INTEGRATION: the client against a real S3 store: the contract, and what only a store can
// tell.
#include "s3/client.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "support/environment.h"
#include "support/object_store_contract.h"

namespace photodrop::testing {
namespace {

s3::StoreOptions store_options() {
  const auto endpoint = s3::parse_endpoint(required_setting("S3_ENDPOINT_URL"));
  if (!endpoint) throw std::runtime_error("S3_ENDPOINT_URL is no endpoint");
  const s3::Bucket bucket{*endpoint, required_setting("BUCKET_NAME"), s3::Addressing::path};
  return {.bucket = bucket,
          .public_bucket = bucket,
          .sender = {.credentials = {required_setting("AWS_ACCESS_KEY"),
                                     required_setting("AWS_SECRET_KEY"), ""}}};
}

std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run a command");
  std::string output;
  std::array<char, 64 * 1024> buffer;
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(buffer.data(), 1, buffer.size(), pipe);
    output.append(buffer.data(), got);
  }
  if (pclose(pipe) != 0) throw std::runtime_error("a command failed");
  return output;
}

struct Page {
  std::string status;
  OpenedObject object;
};

// What anybody gets who has the URL and no credentials: curl's command knows nothing of ours.
// It writes status and type behind the body, whatever that holds.
Page open_page(const std::string& url, const std::string& options = "") {
  const std::string output = output_of(
      "curl --silent --globoff --max-time 30 --write-out '\\n%{http_code} %{content_type}'" +
      options + " '" + url + "'");
  const std::size_t line = output.rfind('\n');
  const std::string written = output.substr(line + 1);
  const std::size_t space = written.find(' ');
  return {written.substr(0, space), {written.substr(space + 1), output.substr(0, line)}};
}

class RealObjectStoreHarness : public ObjectStoreHarness {
 public:
  ObjectStore& store() override { return client_; }

  std::optional<OpenedObject> open(const std::string& url) override {
    return object_of(open_page(url));
  }

  std::optional<OpenedObject> send(const ObjectRequest& request) override {
    std::string options;
    for (const auto& [name, value] : request.headers) {
      options += " --header '" + name + ": " + value + "'";
    }
    return object_of(open_page(required_setting("S3_ENDPOINT_URL") + request.path, options));
  }

 private:
  static std::optional<OpenedObject> object_of(const Page& page) {
    if (page.status == "404") return std::nullopt;
    EXPECT_EQ(page.status, "200") << page.object.bytes;
    return page.object;
  }

  s3::Client client_{store_options()};
};

std::unique_ptr<ObjectStoreHarness> real_store() {
  return std::make_unique<RealObjectStoreHarness>();
}

INSTANTIATE_TEST_SUITE_P(S3, ObjectStoreContract, ::testing::Values(&real_store));

// An object that is there as long as it lives.
class StoredObject {
 public:
  StoredObject() {
    const std::string_view bytes = "the bytes";
    EXPECT_EQ(client_.put({.key = key_,
                           .content_type = "image/png",
                           .bytes = bytes,
                           .sha256 = sha256(bytes)}),
              PutOutcome::stored);
  }
  ~StoredObject() { client_.remove(key_); }
  StoredObject(const StoredObject&) = delete;
  StoredObject& operator=(const StoredObject&) = delete;

  const std::string& key() const { return key_; }

 private:
  s3::Client client_{store_options()};
  std::string key_ = random_uuid() + "_object.png";
};

// What a client with these options makes of a PUT.
PutOutcome put_with(const s3::StoreOptions& options) {
  const std::string key = random_uuid() + "_refused.jpg";
  s3::Client client(options);
  return client.put(
      {.key = key, .content_type = "image/jpeg", .bytes = "x", .sha256 = sha256("x")});
}

void expect_refused(const s3::StoreOptions& options) {
  EXPECT_EQ(put_with(options), PutOutcome::absent);
  s3::Client client(options);
  EXPECT_THROW(client.remove("uuid_refused.jpg"), Error);
}

TEST(Client, WrongCredentialsAreRefused) {
  s3::StoreOptions options = store_options();
  options.sender.credentials.secret_key += "x";
  expect_refused(options);
  options = store_options();
  options.sender.credentials.access_key = "AKIDNOBODY";
  expect_refused(options);
}

TEST(Client, AMissingBucketIsRefused) {
  s3::StoreOptions options = store_options();
  options.bucket.name = "no-such-bucket-" + random_uuid();
  expect_refused(options);
}

TEST(Client, TheStoreKeepsTheHashAndHowLongToKeepItWithTheObject) {
  const StoredObject object;
  s3::Client client(store_options());
  const std::string headers = output_of("curl --silent --dump-header - --output /dev/null '" +
                                        client.url(object.key()).url + "'");
  EXPECT_NE(headers.find("x-amz-meta-sha256: " + hex(sha256("the bytes"))), std::string::npos)
      << headers;
  EXPECT_NE(headers.find("private, max-age=31536000, immutable"), std::string::npos) << headers;
}

TEST(Client, AUrlExpires) {
  const StoredObject object;
  s3::StoreOptions options = store_options();
  options.presign_expires = std::chrono::seconds(3);
  s3::Client client(options);
  const ObjectUrl url = client.url(object.key());
  EXPECT_EQ(open_page(url.url).status, "200");
  std::this_thread::sleep_until(url.expires_at + std::chrono::milliseconds(1500));
  EXPECT_EQ(open_page(url.url).status, "403");
}

TEST(Client, AUrlThatWasChangedOpensNothing) {
  const StoredObject object;
  s3::Client client(store_options());
  const std::string url = client.url(object.key()).url;
  EXPECT_EQ(open_page(url).status, "200");
  const std::size_t query = url.find('?');
  EXPECT_EQ(open_page(url.substr(0, query)).status, "403");
  std::string other_signature = url;
  other_signature.back() = other_signature.back() == '0' ? '1' : '0';
  EXPECT_EQ(open_page(other_signature).status, "403");
  EXPECT_EQ(open_page(url.substr(0, query - 1) + "h" + url.substr(query)).status, "403");
}

}  // namespace
}  // namespace photodrop::testing
