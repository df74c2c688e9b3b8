// Hashes, MACs and what is random. The only user of OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/pieces.h"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace photodrop {

using Sha256 = std::array<unsigned char, 32>;

// SHA-256 (FIPS 180-4) of `bytes`.
Sha256 sha256(const Pieces& bytes);

// HMAC-SHA-256 (RFC 2104) of `message` under `key`; either may be empty.
Sha256 hmac_sha256(std::string_view key, std::string_view message);

// SHA-256 of texts that begin alike: what they share is hashed once, when this is made, and so
// is what OpenSSL sets up. Not for use by two threads at once.
class Sha256Prefix {
 public:
  explicit Sha256Prefix(std::string_view prefix);

  // SHA-256 of the prefix with `rest` behind it.
  Sha256 then(std::string_view rest);

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_md_ctx_st, Free>;

  Context prefix_;
  Context whole_;
};

// The same for HMAC-SHA-256: of texts that begin alike, under one key.
class HmacPrefix {
 public:
  HmacPrefix(std::string_view key, std::string_view prefix);

  Sha256 then(std::string_view rest);

 private:
  Sha256Prefix inner_;
  Sha256Prefix outer_;
};

// A digest's bytes as a view, to serve as the key of the next HMAC. The view dies with
// `digest`.
std::string_view as_bytes(const Sha256& digest);

// Lower-case hexadecimal, two characters a byte.
std::string hex(std::string_view bytes);
std::string hex(const Sha256& digest);

// A name for a text, that no other text has: 128 bits of its SHA-256, in 32 hex digits.
std::string digest_name(std::string_view text);

// Whether two texts are equal, in a time that depends on their lengths alone: for secrets,
// which could otherwise be guessed letter by letter.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// `count` bytes that nobody can foresee, fit for secrets.
std::string random_bytes(std::size_t count);

// A random UUID, version 4 (RFC 9562 §5.4), in its 36-character lower-case form.
std::string random_uuid();

}  // namespace photodrop
