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

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 out{};
  std::size_t size = 0;
  require(
      EVP_Q_digest(nullptr, "SHA256", nullptr, octets(bytes), bytes.size(), out.data(), &size),
      "OpenSSL cannot compute SHA-256");
  return out;
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  Sha256 out{};
  std::size_t size = 0;
  require(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, octets(key), key.size(),
                    octets(message), message.size(), out.data(), out.size(), &size),
          "OpenSSL cannot compute HMAC-SHA-256");
  return out;
}

std::string_view as_bytes(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string hex(const Sha256& digest) {
  return hex(as_bytes(digest));
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
