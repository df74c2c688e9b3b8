// What every ObjectStore keeps to, the fake as well as the real one. A test file that includes
// this instantiates it for its store:
//
//   INSTANTIATE_TEST_SUITE_P(Fake, ObjectStoreContract, ::testing::Values(&make_fake));
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "photos/object_store.h"

namespace photodrop::testing {

struct OpenedObject {
  std::string content_type;
  std::string bytes;
};

// A store under test and the reader that the interface does not have.
class ObjectStoreHarness {
 public:
  virtual ~ObjectStoreHarness() = default;

  virtual ObjectStore& store() = 0;

  // What is at the URL; nullopt when the store says that there is nothing.
  virtual std::optional<OpenedObject> open(const std::string& url) = 0;

  // What is answered to the request, as above.
  virtual std::optional<OpenedObject> send(const ObjectRequest& request) = 0;
};

using MakeObjectStore = std::unique_ptr<ObjectStoreHarness> (*)();

class ObjectStoreContract : public ::testing::TestWithParam<MakeObjectStore> {
 protected:
  // What a test leaves behind does not stay in a store that others use.
  void TearDown() override {
    for (const std::string& key : keys_) store().remove(key);
  }

  ObjectStore& store() { return harness_->store(); }

  // A key that no other test uses.
  std::string new_key(const std::string& name = "contract.jpg") {
    return keys_.emplace_back(random_uuid() + "_" + name);
  }

  PutOutcome put(const std::string& key, const std::string& bytes,
                 const std::string& content_type = "image/jpeg") {
    return store().put(
        {.key = key, .content_type = content_type, .bytes = bytes, .sha256 = sha256(bytes)});
  }

  std::optional<OpenedObject> read(const std::string& key) {
    return harness_->open(store().url(key).url);
  }

  // The bytes there; "nothing" when there is no object.
  std::string bytes_of(const std::string& key) {
    const auto object = read(key);
    return object ? object->bytes : "nothing";
  }

  std::vector<std::string> keys_;

  std::unique_ptr<ObjectStoreHarness> harness_ = GetParam()();
};

TEST_P(ObjectStoreContract, OpensWhatWasPut) {
  const std::string key = new_key();
  ASSERT_EQ(put(key, "the bytes", "image/webp"), PutOutcome::stored);
  const auto object = read(key);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->bytes, "the bytes");
  EXPECT_EQ(object->content_type, "image/webp");
}

TEST_P(ObjectStoreContract, KeepsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i % 251);
  const std::string key = new_key();
  ASSERT_EQ(put(key, bytes), PutOutcome::stored);
  EXPECT_TRUE(bytes_of(key) == bytes) << "not shown: too long";
}

TEST_P(ObjectStoreContract, TakesTheLargestPhoto) {
  const std::string bytes(5 * 1024 * 1024, 'x');
  const std::string key = new_key();
  ASSERT_EQ(put(key, bytes), PutOutcome::stored);
  EXPECT_TRUE(bytes_of(key) == bytes) << "not shown: too long";
}

TEST_P(ObjectStoreContract, PutAgainOverwrites) {
  const std::string key = new_key();
  ASSERT_EQ(put(key, "first"), PutOutcome::stored);
  ASSERT_EQ(put(key, "second", "image/png"), PutOutcome::stored);
  EXPECT_EQ(bytes_of(key), "second");
  EXPECT_EQ(read(key)->content_type, "image/png");
}

// Rows that the lesson's app wrote have keys that end in the name as the client sent it.
TEST_P(ObjectStoreContract, TakesKeysOfEveryKind) {
  for (const char* const name : {"my photo.jpg", "a+b.jpg", "100%41.jpg", "what?x=1#f.jpg",
                                 "~il(de)!*'.jpg", "a&b=c;.jpg", "\xC3\xBCml\xC3\xA4ut.jpg",
                                 "\xE6\x97\xA5\xE6\x9C\xAC.jpg", "\"quoted\".jpg", "a\\b.jpg",
                                 "no extension", "a..b", "a//b.jpg", "[1]{2}|3^4`5<6>.jpg"}) {
    const std::string key = new_key(name);
    EXPECT_EQ(put(key, name), PutOutcome::stored) << name;
    EXPECT_EQ(bytes_of(key), name);
    store().remove(key);
    EXPECT_EQ(bytes_of(key), "nothing") << name;
  }
}

TEST_P(ObjectStoreContract, RefusesBytesThatAreNotThoseOfTheHash) {
  const std::string key = new_key();
  EXPECT_EQ(store().put({.key = key,
                         .content_type = "image/jpeg",
                         .bytes = "these bytes",
                         .sha256 = sha256("other bytes")}),
            PutOutcome::absent);
  EXPECT_EQ(bytes_of(key), "nothing");
}

TEST_P(ObjectStoreContract, RemovesThatObjectAndNoOther) {
  const std::string gone = new_key();
  const std::string kept = gone + ".kept";
  ASSERT_EQ(put(gone, "gone"), PutOutcome::stored);
  ASSERT_EQ(put(kept, "kept"), PutOutcome::stored);
  store().remove(gone);
  EXPECT_EQ(bytes_of(gone), "nothing");
  EXPECT_EQ(bytes_of(kept), "kept");
  store().remove(kept);
}

TEST_P(ObjectStoreContract, RemovesWhatIsNotThere) {
  const std::string key = new_key();
  EXPECT_NO_THROW(store().remove(key));
  ASSERT_EQ(put(key, "x"), PutOutcome::stored);
  store().remove(key);
  EXPECT_NO_THROW(store().remove(key));
}

TEST_P(ObjectStoreContract, ReadsWhatWasPut) {
  std::string bytes(300'000, 'x');
  bytes[7] = '\0';
  const std::string key = new_key();
  EXPECT_EQ(store().read(key), std::nullopt);
  ASSERT_EQ(put(key, bytes), PutOutcome::stored);
  EXPECT_TRUE(store().read(key) == bytes) << "not shown: too long";
  store().remove(key);
  EXPECT_EQ(store().read(key), std::nullopt);
}

TEST_P(ObjectStoreContract, ListsEveryKeyInTheOrderOfItsBytes) {
  const std::string prefix = new_key("list");
  const std::vector<std::string> names = {" a b",
                                          "!",
                                          "#?&=",
                                          "%41",
                                          "+",
                                          "-",
                                          "0",
                                          "10",
                                          "9",
                                          "A",
                                          "B",
                                          "_",
                                          "a",
                                          "a/b",
                                          "a<b>c",
                                          "~",
                                          "\xC3\xBC",
                                          "\xE6\x97\xA5",
                                          "\xF0\x9F\x98\x80"};
  for (const std::string& name : names) {
    ASSERT_EQ(put(keys_.emplace_back(prefix + name), name), PutOutcome::stored) << name;
  }
  std::vector<std::string> listed;
  for (auto page = store().list(prefix); !page.empty(); page = store().list(page.back().key)) {
    for (const StoredObject& object : page) {
      if (!object.key.starts_with(prefix)) continue;
      listed.push_back(object.key.substr(prefix.size()));
      EXPECT_EQ(object.size, static_cast<std::int64_t>(listed.back().size()));
    }
  }
  EXPECT_EQ(listed, names);
}

TEST_P(ObjectStoreContract, OthersCanReadAnObjectInItsPlace) {
  const std::string key = new_key("c'est \xC3\xA9t\xC3\xA9 100%.jpg");
  EXPECT_FALSE(harness_->send(store().read_request(key)));
  ASSERT_EQ(put(key, "the bytes", "image/webp"), PutOutcome::stored);
  const auto object = harness_->send(store().read_request(key));
  ASSERT_TRUE(object);
  EXPECT_EQ(object->bytes, "the bytes");
  EXPECT_EQ(object->content_type, "image/webp");
}

TEST_P(ObjectStoreContract, AUrlNeedsNoObject) {
  const std::string key = new_key();
  const ObjectUrl url = store().url(key);
  EXPECT_GT(url.expires_at, std::chrono::system_clock::now());
  EXPECT_FALSE(read(key));
  ASSERT_EQ(put(key, "later"), PutOutcome::stored);
  EXPECT_EQ(bytes_of(key), "later");
}

TEST_P(ObjectStoreContract, ABucketThatAnswersPassesTheCheck) {
  EXPECT_NO_THROW(store().check(std::chrono::seconds(10)));
}

}  // namespace photodrop::testing
