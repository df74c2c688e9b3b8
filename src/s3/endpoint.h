// Where a bucket is: the host that requests and signatures name, in path style or virtual-host
// style ("Methods for accessing a bucket", Amazon S3 User Guide).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace photodrop::s3 {

struct Endpoint {
  std::string scheme;  // http or https
  std::string host;    // lower case, with ":port" when that is not the scheme's own
};

// Understands http(s)://host[:port] with nothing behind it but an optional '/'. IPv6 addresses
// stand in brackets. nullopt for anything else, user names and paths among it.
std::optional<Endpoint> parse_endpoint(std::string_view url);

enum class Addressing {
  path,          // https://host/bucket/key: Ceph, MinIO, Garage, SeaweedFS
  virtual_host,  // https://bucket.host/key: AWS
};

// Virtual-host style for AWS itself, path style for everybody else.
Addressing default_addressing(const Endpoint& endpoint);

struct Bucket {
  Endpoint endpoint;
  std::string name;
  Addressing addressing = Addressing::path;
};

// An object's address in parts, as the signature wants them.
struct ObjectAddress {
  std::string scheme;
  std::string host;
  std::string path;  // percent-encoded once, to be sent as it is

  std::string url() const { return scheme + "://" + host + path; }
};

ObjectAddress address_of(const Bucket& bucket, std::string_view key);

}  // namespace photodrop::s3
