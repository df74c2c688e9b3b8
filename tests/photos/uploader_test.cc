// What an upload leaves behind, in the store and in the ledger, when it goes well and when a
// step of it fails. Steps that fail together are in ledger_test.cc.
#include "photos/uploader.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/error.h"
#include "photos/names.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

using namespace std::string_literals;
using Failure = FakePhotoStore::Failure;
using PutFault = FakeObjectStore::PutFault;
using State = FakePhotoStore::State;

class UploaderTest : public ::testing::Test {
 protected:
  Photo upload(const Upload& upload = {
                   .bytes = kPhoto, .declared_type = "image/png", .filename = "my cat.png"}) {
    return Uploader(objects_, photos_, options_).upload(upload).photo;
  }

  // The fault that an upload throws.
  Fault fault_of(const Upload& refused) {
    try {
      upload(refused);
    } catch (const Error& error) {
      detail_ = error.detail();
      return error.fault();
    }
    ADD_FAILURE() << "the upload was taken";
    return Fault::internal;
  }

  Fault fault_of_bytes(const std::string& bytes) {
    return fault_of({.bytes = bytes, .declared_type = "", .filename = "a"});
  }

  Fault fault() {
    return fault_of({.bytes = kPhoto, .declared_type = "image/png", .filename = "a.png"});
  }

  bool is_untouched() const { return objects_.objects.empty() && photos_.rows.empty(); }

  // The state of the only row.
  State state() const {
    EXPECT_EQ(photos_.rows.size(), 1U);
    return photos_.rows.begin()->second.state;
  }

  static inline const std::string kPhoto = tiny_png(20, 10);

  FakeObjectStore objects_;
  FakePhotoStore photos_;
  UploadOptions options_;
  std::string detail_;
};

TEST_F(UploaderTest, ReturnsWhatIsKnownOfThePhoto) {
  const Photo photo = upload();
  EXPECT_EQ(photo.filename, "my cat.png");
  EXPECT_EQ(photo.content_type, "image/png");
  EXPECT_EQ(photo.size, static_cast<std::int64_t>(kPhoto.size()));
  EXPECT_EQ(photo.width, 20);
  EXPECT_EQ(photo.height, 10);
  EXPECT_EQ(photo.sha256, hex(sha256(kPhoto)));
}

TEST_F(UploaderTest, StoresTheBytesUnderTheRowsKey) {
  const Photo photo = upload();
  ASSERT_EQ(objects_.objects.size(), 1U);
  const auto& [key, object] = *objects_.objects.begin();
  EXPECT_EQ(key, photo.key);
  EXPECT_EQ(object.bytes, kPhoto);
  EXPECT_EQ(object.content_type, "image/png");
  EXPECT_EQ(state(), State::stored);
}

TEST_F(UploaderTest, EveryUploadHasAKeyOfItsOwn) {
  const std::string key = upload().key;
  EXPECT_EQ(key.substr(36), "_my_cat.png");
  EXPECT_NE(key, upload().key);
  EXPECT_EQ(objects_.objects.size(), 2U);
}

TEST_F(UploaderTest, TakesAllFourFormatsByTheirBytes) {
  for (const auto& [bytes, type] :
       {std::pair(tiny_jpeg(), "image/jpeg"), std::pair(tiny_png(), "image/png"),
        std::pair(tiny_gif(), "image/gif"), std::pair(tiny_webp(), "image/webp")}) {
    for (const char* const declared :
         {"", "application/octet-stream", "Application/Octet-Stream", "image/jpeg", "IMAGE/PNG",
          "image/gif", "image/webp"}) {
      const Photo photo =
          upload({.bytes = bytes, .declared_type = declared, .filename = "photo"});
      EXPECT_EQ(photo.content_type, type) << "declared as " << declared;
      EXPECT_EQ(objects_.objects.at(photo.key).content_type, type);
    }
  }
}

TEST_F(UploaderTest, APhotoNeedsNoName) {
  const Photo photo = upload({.bytes = kPhoto, .declared_type = "", .filename = ""});
  EXPECT_EQ(photo.filename, std::nullopt);
  EXPECT_EQ(photo.key.substr(36), "_photo");
}

TEST_F(UploaderTest, CleansTheName) {
  const std::string name = "C:\\dir\\a\0b\xFF.png"s;
  const Photo photo = upload({.bytes = kPhoto, .declared_type = "", .filename = name});
  EXPECT_EQ(photo.filename, clean_filename(name));
  EXPECT_EQ(photo.key.substr(36), "_ab_.png");
}

TEST_F(UploaderTest, RefusesOtherTypes) {
  for (const char* const declared :
       {"text/html", "image/svg+xml", "image/tiff", "image", "x"}) {
    EXPECT_EQ(fault_of({.bytes = kPhoto, .declared_type = declared, .filename = "a"}),
              Fault::unsupported_type)
        << declared;
    EXPECT_NE(detail_.find("Allowed types: image/jpeg, image/png, image/gif, image/webp."),
              std::string::npos);
    EXPECT_NE(detail_.find(declared), std::string::npos);
  }
  EXPECT_EQ(fault_of_bytes("<html>no image</html>"), Fault::unsupported_type);
  EXPECT_NE(detail_.find("Allowed types: "), std::string::npos);
  EXPECT_TRUE(is_untouched());
}

TEST_F(UploaderTest, ATypeIsShownCutAndClean) {
  const std::string type = "text/\x01\xFF" + std::string(5000, 'x');
  EXPECT_EQ(fault_of({.bytes = kPhoto, .declared_type = type, .filename = ""}),
            Fault::unsupported_type);
  EXPECT_EQ(detail_.find('\x01'), std::string::npos);
  EXPECT_LT(detail_.size(), 300U);
}

TEST_F(UploaderTest, RefusesPhotosThatAreTooLarge) {
  options_.max_bytes = static_cast<std::int64_t>(kPhoto.size()) - 1;
  EXPECT_EQ(fault(), Fault::too_large);
  EXPECT_NE(detail_.find(std::to_string(options_.max_bytes)), std::string::npos);
  EXPECT_TRUE(is_untouched());
  ++options_.max_bytes;
  EXPECT_NO_THROW(upload());
}

TEST_F(UploaderTest, RefusesPhotosThatAreBroken) {
  EXPECT_EQ(fault_of_bytes(""), Fault::invalid_image);
  EXPECT_EQ(fault_of_bytes(kPhoto.substr(0, kPhoto.size() - 1)), Fault::invalid_image);
  EXPECT_TRUE(is_untouched());
}

TEST_F(UploaderTest, RefusesPhotosOfTooManyPixels) {
  options_.image.max_pixels = 199;
  EXPECT_EQ(fault(), Fault::invalid_image);
  EXPECT_TRUE(is_untouched());
  options_.image.max_pixels = 200;
  EXPECT_NO_THROW(upload());
}

TEST_F(UploaderTest, TheRowIsPendingWhileTheObjectIsWritten) {
  bool was_called = false;
  objects_.during_put = [&] {
    was_called = true;
    EXPECT_EQ(state(), State::pending);
    EXPECT_GE(photos_.rows.begin()->second.lease, std::chrono::minutes(2));
  };
  upload();
  EXPECT_TRUE(was_called);
}

TEST_F(UploaderTest, WithoutARowNothingIsWritten) {
  for (const Failure failure : {Failure::before_commit, Failure::after_commit}) {
    photos_.begin_failure = failure;
    EXPECT_EQ(fault(), Fault::database_unavailable);
    EXPECT_TRUE(objects_.objects.empty());
  }
  EXPECT_EQ(state(), State::pending) << "of the second: the reaper takes it";
}

TEST_F(UploaderTest, NothingIsBegunWhileTheStoreIsKnownNotToAnswer) {
  objects_.available = false;
  EXPECT_EQ(fault_of({.bytes = tiny_jpeg(), .declared_type = "", .filename = ""}),
            Fault::storage_unavailable);
  EXPECT_TRUE(photos_.rows.empty());
  EXPECT_TRUE(objects_.objects.empty());
}

TEST_F(UploaderTest, ARowWhoseObjectWasRefusedIsTakenBack) {
  objects_.put_fault = PutFault::refused;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  EXPECT_TRUE(is_untouched());
}

TEST_F(UploaderTest, ARowThatCannotBeTakenBackIsLeftToTheReaper) {
  objects_.put_fault = PutFault::refused;
  photos_.abandon_failure = Failure::before_commit;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  EXPECT_EQ(state(), State::pending);
}

TEST_F(UploaderTest, ARowWhoseObjectMayBeThereIsLeftToTheReaper) {
  for (const PutFault put_fault : {PutFault::lost_request, PutFault::lost_answer}) {
    photos_.rows.clear();
    objects_.put_fault = put_fault;
    EXPECT_EQ(fault(), Fault::storage_unavailable);
    EXPECT_EQ(state(), State::deleting);
    EXPECT_EQ(objects_.objects.size(), put_fault == PutFault::lost_answer ? 1U : 0U);
  }
}

TEST_F(UploaderTest, ARowThatCannotBeHandedToTheReaperIsFoundByIt) {
  objects_.put_fault = PutFault::lost_answer;
  photos_.abandon_failure = Failure::before_commit;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  EXPECT_EQ(state(), State::pending);
}

TEST_F(UploaderTest, AnUploadWithAKeyIsDoneOnce) {
  const Upload keyed{.bytes = kPhoto,
                     .declared_type = "image/png",
                     .filename = "a.png",
                     .idempotency_key = "k"};
  Uploader uploader(objects_, photos_, options_);
  const Uploaded first = uploader.upload(keyed);
  const Uploaded second = uploader.upload(keyed);
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(second.repeated);
  EXPECT_EQ(first.photo.id, second.photo.id);
  EXPECT_EQ(photos_.rows.size(), 1U);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

TEST_F(UploaderTest, AKeyOfAnotherPhotoIsRefused) {
  Upload keyed{.bytes = kPhoto, .declared_type = "", .filename = "", .idempotency_key = "k"};
  upload(keyed);
  const std::string other = tiny_gif();
  keyed.bytes = other;
  EXPECT_EQ(fault_of(keyed), Fault::idempotency_mismatch);
  EXPECT_EQ(photos_.rows.size(), 1U);
}

TEST_F(UploaderTest, AKeyOfAnUploadUnderWayIsRefused) {
  const Upload keyed{
      .bytes = kPhoto, .declared_type = "", .filename = "", .idempotency_key = "k"};
  objects_.during_put = [&] {
    objects_.during_put = nullptr;
    EXPECT_EQ(fault_of(keyed), Fault::in_progress);
  };
  upload(keyed);
  EXPECT_EQ(photos_.rows.size(), 1U);
}

TEST_F(UploaderTest, AnUploadThatFailedFreesItsKey) {
  const Upload keyed{
      .bytes = kPhoto, .declared_type = "", .filename = "", .idempotency_key = "k"};
  for (const PutFault put_fault :
       {PutFault::refused, PutFault::lost_request, PutFault::lost_answer}) {
    objects_.put_fault = put_fault;
    EXPECT_EQ(fault_of(keyed), Fault::storage_unavailable);
  }
  objects_.put_fault = PutFault::none;
  EXPECT_NO_THROW(upload(keyed));
}

TEST_F(UploaderTest, AnObjectWhoseRowIsNotFinishedIsLeftToTheReaper) {
  photos_.finish_failure = Failure::before_commit;
  EXPECT_EQ(fault(), Fault::database_unavailable);
  EXPECT_EQ(state(), State::pending);
  EXPECT_EQ(objects_.objects.size(), 1U);
}

TEST_F(UploaderTest, APhotoThatWasReapedMeanwhileLeavesNoObject) {
  objects_.during_put = [&] { photos_.rows.begin()->second.state = State::deleting; };
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  EXPECT_NE(detail_.find("took too long"), std::string::npos);
  EXPECT_TRUE(objects_.objects.empty());
  EXPECT_EQ(state(), State::deleting);
}

TEST_F(UploaderTest, APhotoThatWasReapedSaysSoWhateverTheStoreDoes) {
  objects_.during_put = [&] { photos_.rows.begin()->second.state = State::deleting; };
  objects_.remove_fails = true;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  EXPECT_NE(detail_.find("took too long"), std::string::npos);
}

}  // namespace
}  // namespace photodrop::testing
