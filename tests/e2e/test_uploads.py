"""What is uploaded comes back: from the answer, the row, the object and the photo's URL."""

import datetime
import hashlib
import re
import urllib.parse

import pytest
import requests

import wire
from images import FORMATS, HEIGHT, JPEG, SAMPLES, WIDTH, WITH_METADATA, padded_jpeg, png, sample

MIB = 1024 * 1024
WEEK = datetime.timedelta(days=7)
UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
MEMBERS = [
    *("id", "photo_url", "filename", "content_type", "size", "width", "height"),
    *("sha256", "created_at", "image_url", "thumbnail_url", "expires_at"),
]


def accepted(answer):
    """The photo object of an answer that accepts an upload."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def assert_opens(photo, content, content_type):
    opened = requests.get(photo["photo_url"], timeout=60)
    assert opened.status_code == 200, opened.text
    assert opened.headers["Content-Type"] == content_type
    assert opened.content == content


def now():
    return datetime.datetime.now(datetime.timezone.utc)


@pytest.mark.parametrize("image_format", FORMATS)
def test_each_format_comes_back_byte_for_byte_with_its_true_type(stack, image_format):
    content, content_type = FORMATS[image_format], f"image/{image_format}"
    photo = accepted(stack.post(content, f"cat.{image_format}", content_type))
    assert_opens(photo, content, content_type)


@pytest.mark.parametrize("name", SAMPLES)
def test_whatever_real_encoders_write_is_accepted(stack, name):
    content = sample(name)
    photo = accepted(stack.post(content, name, "application/octet-stream"))
    assert (photo["width"], photo["height"]) == (WIDTH, HEIGHT)
    assert (photo["size"] < len(content)) == (name in WITH_METADATA)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - WITH_METADATA))
def test_a_photo_without_metadata_is_stored_byte_for_byte(stack, name):
    content = sample(name)
    photo = accepted(stack.post(content, name, "application/octet-stream"))
    assert_opens(photo, content, photo["content_type"])


def test_the_answer_describes_the_photo(stack):
    photo = accepted(stack.post(JPEG, "cat.jpg"))
    assert list(photo) == MEMBERS
    assert isinstance(photo["id"], int)
    assert photo["filename"] == "cat.jpg"
    assert photo["content_type"] == "image/jpeg"
    assert (photo["size"], photo["width"], photo["height"]) == (len(JPEG), WIDTH, HEIGHT)
    assert photo["sha256"] == hashlib.sha256(JPEG).hexdigest()
    assert abs(now() - datetime.datetime.fromisoformat(photo["created_at"])) < WEEK / 10_000


def test_no_cache_may_keep_the_answer(stack):
    assert stack.post(JPEG).headers["Cache-Control"] == "no-store"


def test_a_browser_may_keep_the_photo_that_it_has_opened(stack):
    opened = requests.get(accepted(stack.post(JPEG))["photo_url"], timeout=60)
    assert opened.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_url_of_a_photo_works_for_seven_days_and_is_the_same_for_an_hour(stack):
    begun = now().replace(minute=0, second=0, microsecond=0)
    photo = accepted(stack.post(JPEG))
    expires_at = datetime.datetime.fromisoformat(photo["expires_at"])
    hours = (begun, begun + datetime.timedelta(hours=1))  # the second if it has just begun
    assert expires_at in [hour + WEEK for hour in hours]
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(photo["photo_url"]).query)
    assert query["X-Amz-Expires"] == [str(int(WEEK.total_seconds()))]


def test_the_url_of_a_photo_opens_no_other_photo(stack):
    one, other = accepted(stack.post(JPEG)), accepted(stack.post(JPEG))
    path = urllib.parse.urlsplit(other["photo_url"]).path
    url = urllib.parse.urlsplit(one["photo_url"])._replace(path=path).geturl()
    assert requests.get(url, timeout=60).status_code == 403


def test_the_row_holds_what_is_known_of_the_photo(stack):
    content = FORMATS["png"]
    photo = accepted(stack.post(content, "cat.png", "image/png"))
    columns = "filename, content_type, size, width, height, sha256, state, lease_until"
    (row,) = stack.rows(f"SELECT {columns} FROM photos WHERE id = %s", photo["id"])
    digest = hashlib.sha256(content).digest()
    assert row[:5] == ("cat.png", "image/png", len(content), WIDTH, HEIGHT)
    assert (bytes(row[5]), *row[6:]) == (digest, "stored", None)
    question = "SELECT now() - created_at FROM photos WHERE id = %s"
    ((age,),) = stack.rows(question, photo["id"])
    assert datetime.timedelta(0) <= age < datetime.timedelta(minutes=1)


def test_the_object_is_named_by_the_row_and_typed_by_the_bytes(stack):
    photo = accepted(stack.post(FORMATS["gif"], "a cat.gif", "image/gif"))
    ((key,),) = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo["id"])
    assert re.fullmatch(UUID4 + "_a_cat.gif", key)
    stored = stack.store().get_object(Bucket=stack.bucket, Key=key)
    assert stored["ContentType"] == "image/gif"
    assert stored["Metadata"] == {"sha256": photo["sha256"]}
    assert stored["Body"].read() == FORMATS["gif"]


def test_the_same_photo_twice_is_two_photos(stack):
    one, other = accepted(stack.post(JPEG)), accepted(stack.post(JPEG))
    assert one["id"] < other["id"]
    assert one["sha256"] == other["sha256"]


@pytest.mark.parametrize("declared", FORMATS)
@pytest.mark.parametrize("actual", FORMATS)
def test_a_declared_type_that_lies_yields_to_the_bytes(stack, declared, actual):
    photo = accepted(stack.post(FORMATS[actual], "cat", f"image/{declared}"))
    assert photo["content_type"] == f"image/{actual}"
    assert_opens(photo, FORMATS[actual], f"image/{actual}")


@pytest.mark.parametrize(
    "declared", [None, b"", b"application/octet-stream", b"Image/PNG", b"image/jpeg; q=1"]
)
def test_the_bytes_decide_whatever_permitted_type_the_part_names(stack, declared):
    answer = wire.send(stack, wire.form(wire.photo_part(FORMATS["webp"], declared)))
    assert accepted(answer)["content_type"] == "image/webp"


def test_other_fields_of_the_form_are_ignored(stack):
    fields = wire.text_part(b"title", b"A cat"), wire.text_part(b"album", "été".encode())
    answer = wire.send(stack, wire.form(fields[0], wire.photo_part(JPEG), fields[1]))
    assert_opens(accepted(answer), JPEG, "image/jpeg")


def test_exactly_five_mebibytes_are_accepted(stack):
    content = padded_jpeg(5 * MIB)
    photo = accepted(stack.post(content))
    assert photo["size"] == 5 * MIB
    assert_opens(photo, content, "image/jpeg")


def test_exactly_fifty_megapixels_are_accepted(stack):
    photo = accepted(stack.post(png(10_000, 5_000), "large.png", "image/png"))
    assert (photo["width"], photo["height"]) == (10_000, 5_000)


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_photo_may_be_the_whole_body(stack, image_format):
    content, content_type = FORMATS[image_format], f"image/{image_format}"
    photo = accepted(wire.send(stack, content, content_type, {"X-Filename": "cat.x"}))
    assert (photo["filename"], photo["content_type"]) == ("cat.x", content_type)
    assert_opens(photo, content, content_type)


def test_the_bytes_decide_the_type_of_a_body_too(stack):
    for declared in ("application/octet-stream", "image/gif"):
        photo = accepted(wire.send(stack, JPEG, declared))
        assert (photo["filename"], photo["content_type"]) == (None, "image/jpeg")
