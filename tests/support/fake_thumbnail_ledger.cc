// The part of the fake ledger that knows of thumbnails.
#include "support/fake_photo_store.h"

namespace photodrop::testing {

std::optional<ThumbnailClaim> FakePhotoStore::claim(const ThumbnailId& id,
                                                    std::chrono::seconds lease) {
  const auto found = rows.find(id.photo);
  if (found == rows.end() || found->second.state != State::stored) return std::nullopt;
  Row& row = found->second;
  ThumbnailClaim claim{.key = row.photo.key,
                       .filename = row.photo.filename.value_or(""),
                       .state = ThumbnailState::claimed};
  const auto known = row.thumbnails.find(id.box);
  const bool is_kept =
      known != row.thumbnails.end() &&
      (known->second.state == ThumbnailState::stored || known->second.due > time);
  if (is_kept) {
    claim.state = known->second.state;
  } else {
    row.thumbnails[id.box] = {ThumbnailState::in_progress, time + lease};
  }
  return claim;
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
  KnownThumbnail& known = found->second.thumbnails.at(id.box);
  if (known.state == ThumbnailState::in_progress) known = {ThumbnailState::failed, time + rest};
}

}  // namespace photodrop::testing
