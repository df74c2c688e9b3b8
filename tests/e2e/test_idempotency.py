"""A client that repeats an upload with its Idempotency-Key never makes two photos of it."""

import concurrent.futures
import json
import subprocess
import uuid

import pytest
import requests

from crowd import frozen_store, numbered_photo, sha256, wait_for_pending
from images import FORMATS, JPEG
from stack import ORIGIN


@pytest.fixture
def key():
    return str(uuid.uuid4())


def post(stack, key, content=JPEG):
    return stack.post(content, headers={"Idempotency-Key": key})


def ids(stack, content):
    """The ids of the stored photos that these bytes are."""
    return [photo["id"] for photo in stack.list() if photo["sha256"] == sha256(content)]


def test_an_upload_repeated_with_its_key_gets_the_same_photo_and_says_so(stack, key):
    first, again = post(stack, key), post(stack, key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    assert requests.get(again.json()["photo_url"], timeout=60).content == JPEG


def test_a_page_of_an_allowed_origin_may_send_the_key_and_read_the_replay(stack, key):
    preflight = requests.options(
        stack.photos_url,
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "idempotency-key",
        },
        timeout=60,
    )
    assert "idempotency-key" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Idempotent-Replayed" in post(stack, key).headers["Access-Control-Expose-Headers"]


def test_plain_curl_repeats_a_form_and_a_raw_body_with_one_key(stack, key, folder):
    photo = folder / "cat.jpg"
    photo.write_bytes(JPEG)
    form = ["-F", f"photo=@{photo}"]
    raw = ["-H", "Content-Type: image/jpeg", "--data-binary", f"@{photo}"]
    answers = []
    for body in (form, raw, form):
        command = ["curl", "-sS", "-H", f'Idempotency-Key: "{key}"', *body, stack.photos_url]
        answers.append(subprocess.run(command, check=True, capture_output=True).stdout)
    assert len({json.loads(answer)["id"] for answer in answers}) == 1


def test_other_bytes_under_a_used_key_are_refused(stack, key):
    post(stack, key)
    before = stack.snapshot()
    stack.assert_problem(post(stack, key, FORMATS["png"]), 422, "idempotency-mismatch")
    assert stack.snapshot() == before


def test_a_key_whose_upload_is_under_way_is_refused_for_now(stack, key):
    content = numbered_photo(uuid.uuid4().int)
    headers = {"Idempotency-Key": key}
    with frozen_store(stack) as thaw, concurrent.futures.ThreadPoolExecutor(1) as pool:
        upload = pool.submit(stack.post, content, headers=headers)
        wait_for_pending(stack, 1)
        answer = stack.post(content, headers=headers)
        stack.assert_problem(answer, 409, "in-progress")
        assert int(answer.headers["Retry-After"]) > 0
        thaw()
        assert upload.result().status_code == 200
    again = stack.post(content, headers=headers)
    assert again.json()["id"] == upload.result().json()["id"]


def test_many_who_send_one_key_at_once_make_one_photo(stack, key):
    content = numbered_photo(uuid.uuid4().int)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: post(stack, key, content), range(32)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    stored = {answer.json()["id"] for answer in answers if answer.status_code == 200}
    assert len(stored) == 1
    assert ids(stack, content) == list(stored)


def test_an_upload_that_failed_may_be_repeated_with_its_key_at_once(stack, key, stopped_store):
    content = numbered_photo(uuid.uuid4().int)
    stack.assert_problem(post(stack, key, content), 503, "storage-unavailable")
    stopped_store()
    assert post(stack, key, content).status_code == 200
    assert len(ids(stack, content)) == 1


def test_without_a_key_every_upload_is_a_photo_of_its_own(stack):
    assert stack.post(JPEG).json()["id"] != stack.post(JPEG).json()["id"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("bad", ["two words", '"open', '""', "a,b", "k" * 256, "ü".encode()])
def test_a_key_that_is_none_is_refused_and_leaves_nothing(stack, bad):
    stack.assert_problem(post(stack, bad), 422, "invalid-parameter")


@pytest.mark.usefixtures("unchanged")
def test_two_keys_in_one_request_are_refused(stack, folder):
    photo = folder / "cat.jpg"
    photo.write_bytes(JPEG)
    keys = ["-H", "Idempotency-Key: a", "-H", "Idempotency-Key: b"]
    command = ["curl", "-sS", *keys, "-F", f"photo=@{photo}", stack.photos_url]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert '"code":"invalid-parameter"' in answer
