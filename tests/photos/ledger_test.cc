// The promise of photos/uploader.h, held against every way in which an upload can fail with
// every other: no object is without a row that names it, and no stored row is without its
// object.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "photos/uploader.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

using Failure = FakePhotoStore::Failure;
using PutFault = FakeObjectStore::PutFault;
using State = FakePhotoStore::State;

constexpr int kMixes = 3 * 3 * 3 * 4 * 2 * 2;

// One upload to stores that fail in the way of the mix of that number.
class MixedUpload {
 public:
  explicit MixedUpload(int mix) {
    static constexpr Failure kFailures[] = {Failure::none, Failure::before_commit,
                                            Failure::after_commit};
    static constexpr PutFault kPutFaults[] = {PutFault::none, PutFault::refused,
                                              PutFault::lost_request, PutFault::lost_answer};
    const auto choose = [&mix](int count) { return std::exchange(mix, mix / count) % count; };
    photos_.begin_failure = kFailures[choose(3)];
    photos_.finish_failure = kFailures[choose(3)];
    photos_.abandon_failure = kFailures[choose(3)];
    objects_.put_fault = kPutFaults[choose(4)];
    objects_.remove_fails = choose(2) == 1;
    objects_.during_put = [this, reaped = choose(2) == 1] {
      if (reaped) photos_.rows.begin()->second.state = State::deleting;
    };
  }

  // True when the client was told that its photo is stored.
  bool run() {
    const std::string bytes = tiny_gif();
    try {
      Uploader(objects_, photos_, {}).upload({bytes, "image/gif", "a.gif"});
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  bool is_stored() const {
    return photos_.rows.size() == 1 && photos_.rows.begin()->second.state == State::stored;
  }

  bool has_row_for_every_object() const {
    return std::all_of(objects_.objects.begin(), objects_.objects.end(), [this](auto& object) {
      return std::any_of(photos_.rows.begin(), photos_.rows.end(),
                         [&](auto& row) { return row.second.photo.key == object.first; });
    });
  }

  bool has_object_for_every_stored_row() const {
    return std::all_of(photos_.rows.begin(), photos_.rows.end(), [this](auto& row) {
      return row.second.state != State::stored ||
             objects_.objects.count(row.second.photo.key) == 1;
    });
  }

 private:
  FakeObjectStore objects_;
  FakePhotoStore photos_;
};

TEST(Ledger, NothingIsLostOrOrphanedWhateverFails) {
  int taken = 0;
  for (int mix = 0; mix < kMixes; ++mix) {
    MixedUpload upload(mix);
    if (upload.run()) {
      ++taken;
      EXPECT_TRUE(upload.is_stored()) << mix;
    }
    EXPECT_TRUE(upload.has_row_for_every_object()) << mix;
    EXPECT_TRUE(upload.has_object_for_every_stored_row()) << mix;
  }
  EXPECT_EQ(taken, 3 * 2) << "when begin, PUT and finish all go well";
}

}  // namespace
}  // namespace photodrop::testing
