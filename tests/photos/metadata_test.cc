// What becomes of the metadata of an upload: what is stored, its size and hash, and its
// repetition.
#include <gtest/gtest.h>

#include "base/error.h"
#include "photos/uploader.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

class MetadataTest : public ::testing::Test {
 protected:
  static std::string with_comment(const std::string& comment) {
    return kJpegStart + jpeg_segment(0xFE, comment) + kPlain.substr(2);
  }

  Uploaded upload(const std::string& bytes, std::string_view key = "") {
    return Uploader(objects_, photos_, options_)
        .upload({.bytes = bytes, .declared_type = "", .filename = "a", .idempotency_key = key});
  }

  void expect_stored(const Photo& photo, const std::string& bytes) const {
    EXPECT_EQ(objects_.objects.at(photo.key).bytes, bytes);
    EXPECT_EQ(photo.size, static_cast<std::int64_t>(bytes.size()));
    EXPECT_EQ(photo.sha256, hex(sha256(bytes)));
  }

  static inline const std::string kPlain = tiny_jpeg();

  FakeObjectStore objects_;
  FakePhotoStore photos_;
  UploadOptions options_;
};

TEST_F(MetadataTest, AreNotStored) {
  expect_stored(upload(with_comment("private")).photo, kPlain);
  expect_stored(upload(kPlain + "PK\x03\x04").photo, kPlain);
}

TEST_F(MetadataTest, ThatAreNotThereChangeNothing) {
  for (const std::string& bytes : {tiny_jpeg(), tiny_png(), tiny_gif(), tiny_webp()})
    expect_stored(upload(bytes).photo, bytes);
}

TEST_F(MetadataTest, AreStoredWhenAskedFor) {
  options_.strip_metadata = false;
  for (const std::string& bytes : {with_comment("private"), kPlain + "PK\x03\x04", kPlain})
    expect_stored(upload(bytes).photo, bytes);
}

TEST_F(MetadataTest, CountForTheSizeThatIsAllowed) {
  options_.max_bytes = static_cast<std::int64_t>(kPlain.size());
  EXPECT_NO_THROW(upload(kPlain));
  EXPECT_THROW(upload(with_comment("private")), Error);
}

TEST_F(MetadataTest, DoNotKeepAnUploadFromBeingRepeated) {
  const Uploaded first = upload(with_comment("private"), "key");
  for (const std::string& bytes : {with_comment("private"), with_comment("other"), kPlain}) {
    const Uploaded again = upload(bytes, "key");
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.photo.id, first.photo.id);
  }
  try {
    upload(tiny_jpeg(17, 8), "key");
    ADD_FAILURE() << "other pixels were taken for the same";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::idempotency_mismatch);
  }
}

}  // namespace
}  // namespace photodrop::testing
