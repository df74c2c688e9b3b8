#include "s3/listing.h"

#include <algorithm>
#include <ctime>
#include <pugixml.hpp>

#include "base/error.h"
#include "base/text.h"

namespace photodrop::s3 {
namespace {

[[noreturn]] void refuse(const std::string& cause) {
  throw Error(Fault::storage_unavailable, "The bucket could not be listed just now.",
              "GET: " + cause);
}

// 2026-01-31T12:00:00.000Z
std::chrono::sys_time<std::chrono::milliseconds> parse_time(const char* text) {
  std::tm utc{};
  const char* const rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
  if (rest == nullptr || (*rest != '.' && *rest != 'Z')) {
    refuse("a time that is none in the list");
  }
  return std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::seconds(timegm(&utc)));
}

StoredObject object_from(const pugi::xml_node& contents, bool is_encoded) {
  const auto size = parse_integer(contents.child_value("Size"));
  if (!size || *size < 0) refuse("a size that is none in the list");
  const std::string key = contents.child_value("Key");
  return {.key = is_encoded ? form_decode(key) : key,
          .size = *size,
          .modified = parse_time(contents.child_value("LastModified"))};
}

bool is_before(const StoredObject& a, const StoredObject& b) {
  return a.key < b.key;
}

}  // namespace

std::vector<StoredObject> parse_listing(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) refuse("a list that is no XML");
  const pugi::xml_node result = document.child("ListBucketResult");
  if (!result) refuse("an answer that is no list");
  const bool is_encoded = result.child_value("EncodingType") == std::string_view("url");
  std::vector<StoredObject> objects;
  for (const pugi::xml_node& contents : result.children("Contents")) {
    objects.push_back(object_from(contents, is_encoded));
  }
  if (objects.empty() && result.child_value("IsTruncated") == std::string_view("true")) {
    refuse("an empty page of a list that goes on");
  }
  if (!std::is_sorted(objects.begin(), objects.end(), is_before)) refuse("a list out of order");
  return objects;
}

}  // namespace photodrop::s3
