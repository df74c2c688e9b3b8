// Uploads: a line with the Content-Type, then the body.
#include <algorithm>

#include "fuzz/targets.h"
#include "http/form_soundness.h"
#include "support/sample_images.h"

namespace photodrop::fuzz {
namespace {

using testing::Form;
using testing::FormEntry;
using testing::make_form;

void run(std::string_view input) {
  const std::size_t line = std::min(input.find('\n'), input.size());
  testing::expect_sound(
      Form{.content_type = std::string(input.substr(0, line)),
           .body = std::string(input.substr(std::min(line + 1, input.size())))});
}

std::string seed_of(const Form& form) {
  return form.content_type + "\n" + form.body;
}

}  // namespace

Target multipart_target() {
  const FormEntry photo{"photo", "a \"b\"\r\n.gif", "image/gif", tiny_gif()};
  const FormEntry title{"title", {}, "", "a title"};
  const FormEntry long_name{std::string(kMaxPartHeaderBytes, 'a'), {}, "", ""};
  const FormEntry long_text{"title", {}, "", std::string(kMaxTextFieldBytes + 1, 'a')};
  const std::vector<FormEntry> too_many(kMaxParts + 1, title);
  return {"multipart",
          run,
          {seed_of(testing::odd_form()), seed_of(make_form({})),
           seed_of(make_form({title, photo})), seed_of(make_form({long_name})),
           seed_of(make_form({long_text})), seed_of(make_form(too_many))}};
}

}  // namespace photodrop::fuzz
