#include "api/photo_json.h"

#include <string>

#include "base/time.h"

namespace photodrop {

void write_photo(Json& json, const Photo& photo, const ObjectUrl& url) {
  json.begin_object();
  json.key("id").value(photo.id);
  json.key("photo_url").value(url.url);
  json.key("filename").value(photo.filename);
  json.key("content_type").value(photo.content_type);
  json.key("size").value(photo.size);
  json.key("width").value(photo.width);
  json.key("height").value(photo.height);
  json.key("sha256").value(photo.sha256);
  json.key("created_at").value(photo.created_at);
  const std::string address = "/api/photos/" + std::to_string(photo.id);
  json.key("image_url").value(address + "/image");
  json.key("thumbnail_url").value(address + "/thumbnail");
  json.key("expires_at").value(rfc3339(url.expires_at));
  json.end_object();
}

}  // namespace photodrop
