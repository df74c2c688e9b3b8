#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/error.h"

namespace photodrop {
namespace {

void require(bool ok, const char* what) {
  if (!ok) throw Error(Fault::internal, "The service made an error.", what);
}

// OpenSSL takes a null pointer for "no key was set", even with a length of 0.
const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}

// The key as long as a block of SHA-256 is, with `pad` in each of its bytes (RFC 2104 §2).
std::string padded(std::string_view key, char pad) {
  constexpr std::size_t kBlock = 64;
  std::string block =
      key.size() > kBlock ? std::string(as_bytes(sha256(key))) : std::string(key);
  block.resize(kBlock, '\0');
  for (char& byte : block) byte = static_cast<char>(byte ^ pad);
  return block;
}

}  // namespace

Sha256 sha256(const Pieces& bytes) {
  return Sha256Prefix(bytes.first).then(bytes.second);
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  Sha256 out{};
  std::size_t size = 0;
  require(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, octets(key), key.size(),
                    octets(message), message.size(), out.data(), out.size(), &size),
          "OpenSSL cannot compute HMAC-SHA-256");
  return out;
}

void Sha256Prefix::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Prefix::Sha256Prefix(std::string_view prefix)
    : prefix_(EVP_MD_CTX_new()), whole_(EVP_MD_CTX_new()) {
  require(prefix_ != nullptr && whole_ != nullptr &&
              EVP_DigestInit_ex2(prefix_.get(), EVP_sha256(), nullptr) &&
              EVP_DigestUpdate(prefix_.get(), prefix.data(), prefix.size()),
          "OpenSSL cannot compute SHA-256");
}

Sha256 Sha256Prefix::then(std::string_view rest) {
  Sha256 out{};
  require(EVP_MD_CTX_copy_ex(whole_.get(), prefix_.get()) &&
              EVP_DigestUpdate(whole_.get(), rest.data(), rest.size()) &&
              EVP_DigestFinal_ex(whole_.get(), out.data(), nullptr),
          "OpenSSL cannot compute SHA-256");
  return out;
}

HmacPrefix::HmacPrefix(std::string_view key, std::string_view prefix)
    : inner_(padded(key, '\x36').append(prefix)), outer_(padded(key, '\x5c')) {}

Sha256 HmacPrefix::then(std::string_view rest) {
  return outer_.then(as_bytes(inner_.then(rest)));
}

std::string_view as_bytes(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(bytes.size() * 2, '\0');
  char* digit = out.data();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *digit++ = kDigits[byte >> 4];
    *digit++ = kDigits[byte & 15];
  }
  return out;
}

std::string hex(const Sha256& digest) {
  return hex(as_bytes(digest));
}

std::string digest_name(std::string_view text) {
  return hex(as_bytes(sha256(text)).substr(0, 16));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
  require(RAND_bytes(out, static_cast<int>(count)) == 1, "OpenSSL has no random bytes");
  return bytes;
}

std::string random_uuid() {
  std::string id = random_bytes(16);
  id[6] = static_cast<char>((id[6] & 0x0f) | 0x40);
  id[8] = static_cast<char>((id[8] & 0x3f) | 0x80);
  std::string text = hex(id);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace photodrop
