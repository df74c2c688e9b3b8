// The part of the fake ledger that knows of thumbnails.
#include "support/fake_photo_store.h"

namespace photodrop::testing {

std::optional<KnownThumbnail> FakePhotoStore::find(const ThumbnailId& id) {
  const auto found = rows.find(id.photo);
  if (found == rows.end() || found->second.state != State::stored) return std::nullopt;
  const Row& row = found->second;
  KnownThumbnail known{.key = row.photo.key,
                       .filename = row.photo.filename.value_or(""),
                       .state = ThumbnailState::missing};
  const auto thumbnail = row.thumbnails.find(id.box);
  const bool is_kept =
      thumbnail != row.thumbnails.end() &&
      (thumbnail->second.state == ThumbnailState::stored || thumbnail->second.due > time);
  if (is_kept) known.state = thumbnail->second.state;
  return known;
}

std::optional<KnownThumbnail> FakePhotoStore::claim(const ThumbnailId& id,
                                                    std::chrono::seconds lease) {
  auto known = find(id);
  if (!known || known->state != ThumbnailState::missing) return known;
  rows.at(id.photo).thumbnails[id.box] = {ThumbnailState::in_progress, time + lease};
  known->state = ThumbnailState::claimed;
  return known;
}

bool FakePhotoStore::finish(const ThumbnailId& id) {
  const auto found = rows.find(id.photo);
  if (found == rows.end() || found->second.state != State::stored) return false;
  found->second.thumbnails.at(id.box).state = ThumbnailState::stored;
  return true;
}

void FakePhotoStore::give_up(const ThumbnailId& id, std::chrono::seconds rest) {
  const auto found = rows.find(id.photo);
  if (found == rows.end()) return;
  ThumbnailRow& known = found->second.thumbnails.at(id.box);
  if (known.state == ThumbnailState::in_progress) known = {ThumbnailState::failed, time + rest};
}

}  // namespace photodrop::testing
