#include "support/fake_photo_store.h"

#include <algorithm>

#include "base/error.h"

namespace photodrop::testing {
namespace {

[[noreturn]] void fail() {
  throw Error(Fault::database_unavailable, "The fake ledger does not answer.", "switched off");
}

// Runs `change` unless the call fails first, and fails after it when it should.
template <class Change>
auto with_failure(FakePhotoStore::Failure failure, Change change) {
  if (failure == FakePhotoStore::Failure::before_commit) fail();
  auto result = change();
  if (failure == FakePhotoStore::Failure::after_commit) fail();
  return result;
}

Photo photo_of(std::int64_t id, const NewPhoto& photo) {
  const bool named = !photo.filename.empty();
  return {.id = id,
          .key = photo.key,
          .filename = named ? std::optional(photo.filename) : std::nullopt,
          .content_type = photo.content_type,
          .size = photo.size,
          .width = photo.width,
          .height = photo.height,
          .sha256 = hex(photo.sha256),
          .created_at = "2024-02-29T12:00:00.250Z"};
}

bool is_behind(std::int64_t id, std::int64_t other, Order order) {
  return order == Order::ascending ? id > other : id < other;
}

}  // namespace

Photo FakePhotoStore::begin(const NewPhoto& photo, std::chrono::seconds lease) {
  return with_failure(begin_failure, [&] {
    const std::int64_t id = ++last_id_;
    return rows.emplace(id, Row{photo_of(id, photo), State::pending, lease})
        .first->second.photo;
  });
}

bool FakePhotoStore::finish(std::int64_t id) {
  return with_failure(finish_failure, [&] {
    const auto found = rows.find(id);
    if (found == rows.end() || found->second.state == State::deleting) return false;
    found->second.state = State::stored;
    return true;
  });
}

void FakePhotoStore::abandon(std::int64_t id) {
  with_failure(abandon_failure, [&] {
    const auto found = rows.find(id);
    const bool pending = found != rows.end() && found->second.state == State::pending;
    if (pending) rows.erase(found);
    return pending;
  });
}

std::optional<PageRange> FakePhotoStore::locate(const Page& page) {
  if (locate_fails) fail();
  const auto photos = stored_after(page.after, page.order);
  if (photos.empty()) return std::nullopt;
  const std::size_t size = std::min(photos.size(), static_cast<std::size_t>(page.limit));
  return PageRange{.after = page.after,
                   .last = photos[size - 1].id,
                   .order = page.order,
                   .more = photos.size() > size};
}

void FakePhotoStore::each(const PageRange& range,
                          const std::function<void(const Photo&)>& visit) {
  std::size_t visited = 0;
  for (const Photo& photo : stored_after(range.after, range.order)) {
    if (is_behind(photo.id, range.last, range.order)) return;
    if (each_fails_after == visited) fail();
    visit(photo);
    ++visited;
  }
}

std::int64_t FakePhotoStore::insert_as_lesson(const std::string& key) {
  const std::int64_t id = ++last_id_;
  Photo photo{};
  photo.id = id;
  photo.key = key;
  rows.emplace(id, Row{photo, State::stored, {}});
  return id;
}

std::vector<Photo> FakePhotoStore::stored_after(std::optional<std::int64_t> after,
                                                Order order) const {
  std::vector<Photo> photos;
  for (const auto& [id, row] : rows) {
    if (row.state != State::stored) continue;
    if (!after || is_behind(id, *after, order)) photos.push_back(row.photo);
  }
  if (order == Order::descending) std::reverse(photos.begin(), photos.end());
  return photos;
}

}  // namespace photodrop::testing
