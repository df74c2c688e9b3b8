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

FakePhotoStore::State state_when_taken(const Doomed& doomed) {
  using State = FakePhotoStore::State;
  return doomed.was == Remains::tombstone ? State::tombstone : State::deleting;
}

bool is_behind(std::int64_t id, std::int64_t other, Order order) {
  return order == Order::ascending ? id > other : id < other;
}

}  // namespace

Begun FakePhotoStore::begin(const NewPhoto& photo, std::chrono::seconds lease) {
  return with_failure(begin_failure, [&]() -> Begun {
    Begun found = under_key(photo);
    if (found.beginning != Beginning::begun) return found;
    const std::int64_t id = ++last_id_;
    rows.emplace(id, Row{.photo = photo_of(id, photo),
                         .state = State::pending,
                         .lease = lease,
                         .due = time + lease,
                         .idempotency_key = photo.idempotency_key,
                         .created = time});
    return {Beginning::begun, rows.at(id).photo};
  });
}

// Lets a key go that has served its time; `begun` when no row has it.
Begun FakePhotoStore::under_key(const NewPhoto& photo) {
  for (auto& [id, row] : rows) {
    if (photo.idempotency_key.empty() || row.idempotency_key != photo.idempotency_key) continue;
    const bool pending = row.state == State::pending;
    if (time > row.created + kKeyLife || (pending && row.due <= time)) {
      row.idempotency_key.clear();
      if (pending) row.state = State::deleting;
      continue;
    }
    if (row.photo.sha256 != hex(photo.sha256)) return {Beginning::mismatched, std::nullopt};
    if (pending) return {Beginning::in_progress, std::nullopt};
    return {Beginning::repeated, row.photo};
  }
  return {Beginning::begun, std::nullopt};
}

bool FakePhotoStore::finish(std::int64_t id) {
  return with_failure(finish_failure, [&] {
    const auto found = rows.find(id);
    if (found == rows.end() || found->second.state > State::stored) return false;
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

void FakePhotoStore::discard(std::int64_t id) {
  with_failure(abandon_failure, [&] {
    const auto found = rows.find(id);
    if (found == rows.end() || found->second.state != State::pending) return false;
    found->second.state = State::deleting;
    found->second.due = time;
    found->second.idempotency_key.clear();
    return true;
  });
}

std::optional<Photo> FakePhotoStore::find(std::int64_t id) {
  if (locate_fails) fail();
  const auto found = rows.find(id);
  if (found == rows.end() || found->second.state != State::stored) return std::nullopt;
  return found->second.photo;
}

std::optional<Doomed> FakePhotoStore::take(std::int64_t id, std::chrono::seconds lease) {
  return with_failure(take_failure, [&]() -> std::optional<Doomed> {
    const auto found = rows.find(id);
    if (found == rows.end() || found->second.state != State::stored) return std::nullopt;
    return take_row(found->second, lease);
  });
}

std::optional<Doomed> FakePhotoStore::take_due(LedgerTime before, std::chrono::seconds lease) {
  return with_failure(take_failure, [&]() -> std::optional<Doomed> {
    Row* longest_due = nullptr;
    for (auto& [id, row] : rows) {
      if (row.state == State::stored || row.due > before) continue;
      if (longest_due == nullptr || row.due < longest_due->due) longest_due = &row;
    }
    if (longest_due == nullptr) return std::nullopt;
    return take_row(*longest_due, lease);
  });
}

Doomed FakePhotoStore::take_row(Row& row, std::chrono::seconds lease) {
  const Remains was = row.state == State::pending     ? Remains::upload
                      : row.state == State::tombstone ? Remains::tombstone
                                                      : Remains::photo;
  if (row.state != State::tombstone) row.state = State::deleting;
  row.idempotency_key.clear();
  row.due = time + lease;
  Doomed doomed{.id = row.photo.id, .key = row.photo.key, .was = was};
  for (const auto& [box, known] : row.thumbnails) doomed.thumbnails.push_back(box);
  return doomed;
}

void FakePhotoStore::bury(const Doomed& doomed, std::chrono::seconds rest) {
  with_failure(bury_failure, [&] {
    const auto found = rows.find(doomed.id);
    const State taken_as = state_when_taken(doomed);
    if (found == rows.end() || found->second.state != taken_as) return false;
    if (taken_as == State::tombstone) {
      rows.erase(found);
    } else {
      found->second.state = State::tombstone;
      found->second.photo = Photo{.id = doomed.id, .key = doomed.key};
      found->second.due = time + rest;
    }
    return true;
  });
}

// Due again, but not for who is at work at this very moment.
void FakePhotoStore::put_back(const Doomed& doomed) {
  const auto found = rows.find(doomed.id);
  if (found == rows.end() || found->second.state != state_when_taken(doomed)) return;
  found->second.due = time + std::chrono::microseconds(1);
}

std::int64_t FakePhotoStore::forget_keys(std::chrono::seconds age) {
  std::int64_t forgotten = 0;
  for (auto& [id, row] : rows) {
    if (row.idempotency_key.empty() || row.created >= time - age) continue;
    row.idempotency_key.clear();
    ++forgotten;
  }
  return forgotten;
}

std::optional<PageRange> FakePhotoStore::locate(const Page& page) {
  if (locate_fails) fail();
  const auto photos = stored_after(page.after, page.order);
  if (photos.empty()) return std::nullopt;
  const std::size_t size = std::min(photos.size(), static_cast<std::size_t>(page.limit));
  PageRange range{.after = page.after,
                  .last = photos[size - 1].id,
                  .order = page.order,
                  .more = photos.size() > size};
  for (std::size_t i = 0; i < size + range.more; ++i) range.fingerprint += photos[i].key + ",";
  return range;
}

std::optional<PageRange> FakePhotoStore::read(const Page& page, const Visit& visit) {
  auto range = locate(page);
  if (range) each(*range, visit);
  return range;
}

void FakePhotoStore::each(const PageRange& range, const Visit& visit) {
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
  rows.emplace(id, Row{.photo = photo, .state = State::stored});
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
