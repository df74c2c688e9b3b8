// How thumbnails are made, when store, ledger and decoder work and when they do not.
#include "photos/thumbnailer.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/error.h"
#include "photos/names.h"
#include "photos/remover.h"
#include "support/fake_object_store.h"
#include "support/fake_photo_store.h"
#include "support/fake_thumbnail_maker.h"
#include "support/photo_store_harness.h"
#include "support/sample_images.h"

namespace photodrop::testing {
namespace {

class ThumbnailerTest : public ::testing::Test {
 protected:
  ThumbnailerTest() {
    const NewPhoto photo = sample_photo();
    id_.photo = photos_.begin(photo, std::chrono::minutes(2)).photo.value().id;
    photos_.finish(id_.photo);
    objects_.objects[photo.key] = {photo.content_type, "a photo"};
  }

  Thumbnail provide() {
    return Thumbnailer({objects_, photos_, maker_}, std::chrono::milliseconds(0)).provide(id_);
  }

  std::optional<Fault> fault() {
    try {
      provide();
      return std::nullopt;
    } catch (const Error& error) {
      return error.fault();
    }
  }

  const FakeObjectStore::Object* thumbnail() {
    const auto found = objects_.objects.find(key_);
    return found == objects_.objects.end() ? nullptr : &found->second;
  }

  const std::string key_ = thumbnail_key(sample_photo().key, 640);
  ThumbnailId id_{0, 640};
  FakeObjectStore objects_;
  FakePhotoStore photos_;
  FakeThumbnailMaker maker_;
};

TEST_F(ThumbnailerTest, MakesItOnceAndKeepsItBesideThePhoto) {
  for (int i = 0; i < 3; ++i) {
    const Thumbnail provided = provide();
    EXPECT_EQ(provided.key, key_);
    EXPECT_EQ(provided.photo_filename, sample_photo().filename);
  }
  EXPECT_EQ(maker_.images, std::vector<std::string>{"a photo"});
  EXPECT_EQ(maker_.boxes, std::vector{640});
  ASSERT_NE(thumbnail(), nullptr);
  EXPECT_EQ(thumbnail()->bytes, tiny_webp());
  EXPECT_EQ(thumbnail()->content_type, "image/webp");
}

TEST_F(ThumbnailerTest, WhatTheDecoderTellsOfThePhotoIsLeftOut) {
  maker_.answer = webp_file(
      {webp_canvas(WebpKind::still), webp_lossless(), {"EXIF", "where it was taken"}});
  provide();
  EXPECT_EQ(thumbnail()->bytes.find("where"), std::string::npos);
}

TEST_F(ThumbnailerTest, WhatIsNoSmallWebpIsNotStored) {
  for (const std::string& answer :
       {std::string(), std::string("<html>"), tiny_png(), tiny_webp(641, 1), tiny_webp(1, 641),
        tiny_webp().substr(0, 20), webp_file({webp_canvas(WebpKind::animated)})}) {
    maker_.answer = answer;
    EXPECT_EQ(fault(), Fault::no_thumbnail);
    EXPECT_EQ(thumbnail(), nullptr);
    photos_.time += std::chrono::hours(1);
  }
}

TEST_F(ThumbnailerTest, APhotoWithoutOneIsNotTriedAgainForAWhile) {
  maker_.answer = std::nullopt;
  EXPECT_EQ(fault(), Fault::no_thumbnail);
  maker_.answer = tiny_webp();
  EXPECT_EQ(fault(), Fault::no_thumbnail);
  EXPECT_EQ(maker_.images.size(), 1U);
  photos_.time += std::chrono::hours(1);
  EXPECT_EQ(fault(), std::nullopt);
}

TEST_F(ThumbnailerTest, ADecoderThatIsNotToBeHadIsNoFaultOfThePhoto) {
  maker_.during_make = [] { throw std::runtime_error("no such program"); };
  EXPECT_THROW(provide(), std::runtime_error);
  maker_.during_make = nullptr;
  EXPECT_EQ(fault(), std::nullopt);
}

TEST_F(ThumbnailerTest, APhotoWhoseObjectIsLostHasNone) {
  objects_.objects.clear();
  EXPECT_EQ(fault(), Fault::no_thumbnail);
  EXPECT_TRUE(maker_.images.empty());
}

TEST_F(ThumbnailerTest, ThereIsNoneOfAPhotoThatIsNotThere) {
  ++id_.photo;
  EXPECT_EQ(fault(), Fault::not_found);
}

TEST_F(ThumbnailerTest, AStoreThatFailsIsTriedAgainByTheNextRequest) {
  objects_.read_fails = true;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  objects_.read_fails = false;
  objects_.put_fault = FakeObjectStore::PutFault::refused;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  objects_.put_fault = FakeObjectStore::PutFault::lost_answer;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  objects_.put_fault = FakeObjectStore::PutFault::none;
  EXPECT_EQ(fault(), std::nullopt);
}

TEST_F(ThumbnailerTest, NothingIsClaimedWhileTheStoreIsKnownNotToAnswer) {
  objects_.available = false;
  EXPECT_EQ(fault(), Fault::storage_unavailable);
  objects_.available = true;
  EXPECT_EQ(fault(), std::nullopt);
}

TEST_F(ThumbnailerTest, WhoCannotWaitAnyLongerIsToldToComeAgain) {
  std::optional<Fault> other;
  maker_.during_make = [&] { other = fault(); };
  EXPECT_EQ(fault(), std::nullopt);
  EXPECT_EQ(other, Fault::busy);
  EXPECT_EQ(maker_.images.size(), 1U);
}

TEST_F(ThumbnailerTest, OneThatIsMadeWhileItsPhotoIsDeletedGoesToo) {
  maker_.during_make = [&] { EXPECT_TRUE(Remover(objects_, photos_).remove(id_.photo)); };
  EXPECT_EQ(fault(), Fault::not_found);
  EXPECT_TRUE(objects_.objects.empty());
}

TEST_F(ThumbnailerTest, ItIsDeletedWithItsPhoto) {
  provide();
  id_.box = 320;
  provide();
  EXPECT_EQ(objects_.objects.size(), 3U);
  EXPECT_TRUE(Remover(objects_, photos_).remove(id_.photo));
  EXPECT_TRUE(objects_.objects.empty());
}

}  // namespace
}  // namespace photodrop::testing
