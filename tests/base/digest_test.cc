#include "base/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace photodrop {
namespace {

struct Vector {
  std::string input;
  std::string digest;
};

// The examples that NIST publishes with FIPS 180-4 for SHA-256, and its short and long
// messages.
TEST(Sha256, AgreesWithThePublishedVectors) {
  const Vector vectors[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1000000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(hex(sha256(vector.input)), vector.digest);
}

TEST(DigestName, IsTheFirstHalfOfTheSha256) {
  EXPECT_EQ(digest_name("abc"), hex(sha256("abc")).substr(0, 32));
}

TEST(Sha256, TakesAViewOfNothing) {
  EXPECT_EQ(sha256({}), sha256(""));
  EXPECT_EQ(sha256(Pieces("ab", "c")), sha256("abc"));
}

struct MacVector {
  std::string key;
  std::string message;
  std::string mac;
};

// RFC 4231 §4, test cases 1 to 4, 6 and 7. (Case 5 is about a shortened MAC.)
TEST(HmacSha256, AgreesWithRfc4231) {
  const MacVector vectors[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15"
       "\x16\x17\x18\x19",
       std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. "
       "The key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const MacVector& vector : vectors) {
    EXPECT_EQ(hex(hmac_sha256(vector.key, vector.message)), vector.mac) << vector.message;
  }
}

TEST(HmacSha256, TakesAnEmptyKeyAndAnEmptyMessage) {
  constexpr char kMac[] = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  EXPECT_EQ(hex(hmac_sha256("", "")), kMac);
  EXPECT_EQ(hex(hmac_sha256({}, {})), kMac);
  EXPECT_NE(hmac_sha256("key", {}), hmac_sha256({}, "key"));
}

TEST(Sha256Prefix, HashesEveryCutOfATextLikeTheWhole) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256Prefix prefix(std::string_view(text).substr(0, cut));
    EXPECT_EQ(prefix.then(std::string_view(text).substr(cut)), sha256(text)) << cut;
  }
}

TEST(Sha256Prefix, IsAsGoodAsNewAfterEachUse) {
  Sha256Prefix prefix("abc");
  for (const std::string rest : {"", "x", "", "yz"}) {
    EXPECT_EQ(prefix.then(rest), sha256("abc" + rest));
  }
  EXPECT_EQ(prefix.then({}), sha256("abc"));
}

TEST(HmacPrefix, AgreesWithHmacForKeysAroundTheSizeOfABlock) {
  for (const std::size_t size : {0U, 1U, 32U, 63U, 64U, 65U, 131U}) {
    const std::string key(size, '\xaa');
    HmacPrefix prefix(key, "what do ya");
    EXPECT_EQ(prefix.then(" want"), hmac_sha256(key, "what do ya want")) << size;
    EXPECT_EQ(prefix.then(""), hmac_sha256(key, "what do ya")) << size;
    EXPECT_EQ(HmacPrefix(key, "").then("x"), hmac_sha256(key, "x")) << size;
  }
}

TEST(HmacSha256, ChainsByWayOfAsBytes) {
  const Sha256 key = hmac_sha256("secret", "20130524");
  EXPECT_EQ(as_bytes(key).size(), 32U);
  EXPECT_EQ(hmac_sha256(as_bytes(key), "x"),
            hmac_sha256(std::string(key.begin(), key.end()), "x"));
}

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(hex(""), "");
  EXPECT_EQ(hex(std::string_view("\x00\x09\x0a\x7f\x80\xff", 6)), "00090a7f80ff");
}

TEST(EqualInConstantTime, ComparesEveryByte) {
  const std::string text("a\0b", 3);
  EXPECT_TRUE(equal_in_constant_time(text, std::string(text)));
  EXPECT_TRUE(equal_in_constant_time("", {}));
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = 'x';
    EXPECT_FALSE(equal_in_constant_time(text, other)) << at;
  }
  EXPECT_FALSE(equal_in_constant_time(text, "a"));
  EXPECT_FALSE(equal_in_constant_time("a", text));
  EXPECT_FALSE(equal_in_constant_time(text, ""));
}

TEST(RandomBytes, AreAsManyAsAskedForAndNeverTheSame) {
  EXPECT_EQ(random_bytes(0), "");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string bytes = random_bytes(32);
    ASSERT_EQ(bytes.size(), 32U);
    seen.insert(bytes);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(RandomUuid, HasTheFormOfVersion4) {
  for (int i = 0; i < 200; ++i) {
    const std::string uuid = random_uuid();
    ASSERT_EQ(uuid.size(), 36U);
    for (std::size_t at = 0; at < uuid.size(); ++at) {
      const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
      const std::string_view allowed = is_dash ? "-" : "0123456789abcdef";
      EXPECT_NE(allowed.find(uuid[at]), std::string_view::npos) << uuid;
    }
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
  }
}

TEST(RandomUuid, IsNeverTheSame) {
  std::set<std::string> uuids;
  for (int i = 0; i < 10000; ++i) uuids.insert(random_uuid());
  EXPECT_EQ(uuids.size(), 10000U);
}

// Each position but the fixed ones takes every one of its values, or bits would be lost.
TEST(RandomUuid, IsRandomInEveryDigit) {
  std::vector<std::set<char>> seen(36);
  for (int i = 0; i < 2000; ++i) {
    const std::string uuid = random_uuid();
    for (std::size_t at = 0; at < uuid.size(); ++at) seen[at].insert(uuid[at]);
  }
  for (std::size_t at = 0; at < seen.size(); ++at) {
    const bool is_fixed = at == 8 || at == 13 || at == 14 || at == 18 || at == 23;
    EXPECT_EQ(seen[at].size(), is_fixed ? 1U : at == 19 ? 4U : 16U) << at;
  }
}

}  // namespace
}  // namespace photodrop
