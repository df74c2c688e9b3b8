#include "api/photo_form.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/error.h"
#include "support/form.h"

namespace photodrop::testing {
namespace {

const FormEntry kPhoto{"photo", "cat.jpg", "image/jpeg", "the bytes"};

// A request that owns what it is about.
struct OwnedRequest {
  Form form;
  Request request;

  explicit OwnedRequest(Form sent) : form(std::move(sent)) {
    request.content_type = form.content_type;
    request.body = form.body;
  }
  OwnedRequest(const OwnedRequest&) = delete;
  OwnedRequest& operator=(const OwnedRequest&) = delete;
};

Fault fault_of(const Form& form) {
  const OwnedRequest owned(form);
  try {
    find_photo(owned.request);
  } catch (const Error& error) {
    return error.fault();
  }
  ADD_FAILURE() << "a photo was found";
  return Fault::internal;
}

Fault fault_of_form(const std::vector<FormEntry>& entries) {
  return fault_of(make_form(entries));
}

TEST(PhotoForm, FindsTheFileField) {
  const OwnedRequest owned(make_form({kPhoto}));
  const PhotoForm photo = find_photo(owned.request);
  EXPECT_EQ(photo.filename, "cat.jpg");
  EXPECT_EQ(photo.declared_type, "image/jpeg");
  EXPECT_EQ(photo.bytes, "the bytes");
}

TEST(PhotoForm, CopiesNoBytes) {
  const OwnedRequest owned(make_form({kPhoto}));
  EXPECT_EQ(find_photo(owned.request).bytes.data(),
            owned.form.body.data() + owned.form.body.find("the bytes"));
}

TEST(PhotoForm, FindsItAmongOtherFields) {
  const OwnedRequest owned(make_form({{"title", std::nullopt, "", "my cat"},
                                      {"other", "dog.jpg", "image/jpeg", "a dog"},
                                      kPhoto,
                                      {"Photo", "x.jpg", "image/jpeg", "case counts"}}));
  EXPECT_EQ(find_photo(owned.request).bytes, "the bytes");
}

TEST(PhotoForm, PassesOverAChooserLeftEmpty) {
  const FormEntry empty{"photo", "", "application/octet-stream", ""};
  const OwnedRequest owned(make_form({empty, kPhoto}));
  EXPECT_EQ(find_photo(owned.request).bytes, "the bytes");
  EXPECT_EQ(fault_of_form({empty}), Fault::missing_photo);
}

// For the uploader to refuse, or to take: a name is not needed.
TEST(PhotoForm, TakesAFileWithoutBytesOrWithoutName) {
  const OwnedRequest no_bytes(make_form({{"photo", "cat.jpg", "image/jpeg", ""}}));
  EXPECT_EQ(find_photo(no_bytes.request).bytes, "");
  const OwnedRequest no_name(make_form({{"photo", "", "", "the bytes"}}));
  EXPECT_EQ(find_photo(no_name.request).filename, "");
  EXPECT_EQ(find_photo(no_name.request).declared_type, "");
}

TEST(PhotoForm, AFormWithoutThePhotoIsMissingIt) {
  EXPECT_EQ(fault_of_form(std::vector<FormEntry>()), Fault::missing_photo);
  EXPECT_EQ(fault_of_form({{"title", std::nullopt, "", "my cat"}}), Fault::missing_photo);
  EXPECT_EQ(fault_of_form({{"file", "cat.jpg", "image/jpeg", "the bytes"}}),
            Fault::missing_photo);
  EXPECT_EQ(fault_of_form({{"photo", std::nullopt, "", "a text field"}}), Fault::missing_photo);
}

TEST(PhotoForm, TwoPhotosAreRefused) {
  EXPECT_EQ(fault_of_form({kPhoto, kPhoto}), Fault::malformed_upload);
}

TEST(PhotoForm, ABrokenFormIsRefused) {
  Form form = make_form({kPhoto});
  form.body.resize(form.body.size() / 2);
  EXPECT_EQ(fault_of(form), Fault::malformed_upload);
  EXPECT_EQ(fault_of({"multipart/form-data", "no boundary"}), Fault::malformed_upload);
}

TEST(PhotoForm, ABodyThatSaysItIsAnImageIsThePhoto) {
  for (const char* const type : {"image/jpeg", "image/png", "IMAGE/WEBP", "image/gif; q=1",
                                 "image/svg+xml", "application/octet-stream", " image/jpeg "}) {
    const OwnedRequest owned({type, "the bytes"});
    const PhotoForm photo = find_photo(owned.request);
    EXPECT_EQ(photo.bytes.data(), owned.form.body.data()) << type;
    EXPECT_EQ(photo.bytes, "the bytes");
    EXPECT_EQ(photo.declared_type.find_first_of(" ;IMGE"), std::string::npos) << type;
    EXPECT_EQ(photo.filename, "");
  }
}

TEST(PhotoForm, ARawPhotoIsNamedByXFilename) {
  OwnedRequest owned({"image/jpeg", "the bytes"});
  owned.request.headers["x-filename"] = "my%20cat%C3%BC+1.jpg";
  EXPECT_EQ(find_photo(owned.request).filename, "my cat\xC3\xBC+1.jpg");
}

TEST(PhotoForm, AnyOtherBodyHoldsNoPhoto) {
  for (const char* const type :
       {"", "application/json", "text/plain", "application/x-www-form-urlencoded",
        "multipart/mixed; boundary=x", "imagejpeg", "ximage/jpeg",
        "application/octet-streams"}) {
    EXPECT_EQ(fault_of({type, "the bytes"}), Fault::missing_photo) << type;
  }
}

}  // namespace
}  // namespace photodrop::testing
