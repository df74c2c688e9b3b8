"""A photo at its permanent link: the image itself, from nginx's cache or the store."""

import hashlib

import pytest
import requests

from images import FORMATS, JPEG
from stack import ORIGIN


@pytest.fixture
def link(stack):
    """The permanent link of a photo of its own."""
    return stack.http_url + upload(stack)["image_url"]


def upload(stack, content=JPEG, filename="cat.jpg", content_type="image/jpeg"):
    return stack.post(content, filename, content_type).json()


def get(url, method="GET", **headers):
    return requests.request(method, url, headers={"Origin": ORIGIN, **headers}, timeout=60)


def secrets_in_logs(stack):
    """The logs with something in them that opens the store."""
    logs = (stack.run_dir / "log").iterdir()
    words = ("X-Amz-Signature", "AWS4-HMAC")
    return [log.name for log in logs if any(word in log.read_text("utf-8", "replace") for word in words)]


@pytest.mark.parametrize("image_format", FORMATS)
def test_the_link_answers_the_image_itself(stack, image_format):
    content = FORMATS[image_format]
    photo = upload(stack, content, f"cat.{image_format}", f"image/{image_format}")
    for _ in range(2):  # from the store, from the cache
        answer = get(stack.http_url + photo["image_url"])
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["Content-Type"] == f"image/{image_format}"
        assert answer.headers["Content-Disposition"] == f'inline; filename="cat.{image_format}"'
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_no_header_tells_how_the_store_was_asked_or_what_it_is(link):
    names = {name.lower() for name in get(link).headers}
    assert not [name for name in names if name.startswith(("x-stored", "x-amz", "x-rgw", "x-accel"))]


def test_a_name_in_any_script_is_in_the_disposition(stack):
    photo = upload(stack, filename="日本 100%.jpg")
    disposition = get(stack.http_url + photo["image_url"]).headers["Content-Disposition"]
    assert disposition.endswith("filename*=UTF-8''%E6%97%A5%E6%9C%AC%20100%25.jpg")


def test_head_has_the_headers_alone(link):
    whole, head = get(link), get(link, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag"):
        assert head.headers[name] == whole.headers[name]


def test_who_has_it_is_told_that_it_is_the_same(link):
    tag = get(link).headers["ETag"]
    answer = get(link, **{"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert get(link, **{"If-None-Match": '"another"'}).content == JPEG


def test_a_range_of_it_can_be_asked_for(stack, link):
    for _ in range(2):
        part = get(link, Range="bytes=2-9")
        assert (part.status_code, part.content) == (206, JPEG[2:10])
        assert part.headers["Content-Range"] == f"bytes 2-9/{len(JPEG)}"
    beyond = get(link, Range="bytes=999999-")
    stack.assert_problem(beyond, 416, "range-not-satisfiable")
    assert beyond.headers["Content-Range"] == f"bytes */{len(JPEG)}"
    stack.assert_problem(get(link, **{"If-Match": '"another"'}), 412, "precondition-failed")


def test_without_the_store_what_the_cache_has_is_shown_and_no_error_is_kept(stack, request):
    seen, unseen = (stack.http_url + upload(stack)["image_url"] for _ in range(2))
    assert get(seen).content == JPEG
    start_store = request.getfixturevalue("stopped_store")
    assert get(seen).content == JPEG
    stack.assert_problem(get(unseen), 503, "busy")
    assert secrets_in_logs(stack) == []
    start_store()
    assert get(unseen).content == JPEG


def test_a_deleted_photo_is_gone_at_once_cache_or_no_cache(stack):
    photo = upload(stack)
    link = stack.http_url + photo["image_url"]
    tag = get(link).headers["ETag"]
    requests.delete(f"{stack.photos_url}/{photo['id']}", timeout=60)
    stack.assert_problem(get(link), 404, "not-found")
    stack.assert_problem(get(link, **{"If-None-Match": tag}), 404, "not-found")


def test_nobody_gets_at_the_cache_but_by_the_link(stack):
    photo = upload(stack)
    row = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo["id"])
    digest = hashlib.sha256(row[0][0].encode()).hexdigest()
    assert get(stack.http_url + photo["image_url"]).status_code == 200
    stack.assert_problem(get(f"{stack.http_url}/_stored/{digest}"), 404, "not-found")


def test_a_key_that_needs_escapes_is_found(stack):
    """The lesson's app put a name as it was sent behind the UUID."""
    key = "0b8e9f0e-4f4e-4a5c-9a51-3a2f1f4f7a11_ä b+c%41 ?&.jpg"
    stack.store().put_object(Bucket=stack.bucket, Key=key, Body=JPEG, ContentType="image/jpeg")
    id_ = stack.rows("INSERT INTO photos (photo_name) VALUES (%s) RETURNING id", key)[0][0]
    answer = get(f"{stack.photos_url}/{id_}/image")
    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline"
