"""Two hundred uploads, thirty-two at once."""

import re

import pytest

from crowd import assert_all_are_kept, listed_photos, numbered_photo, pending, sha256, uploading
from test_uploads import UUID4

UPLOADS = 200
AT_ONCE = 32


@pytest.fixture(scope="module")
def contents():
    return [numbered_photo(number, size=60_000 * (number % 4)) for number in range(UPLOADS)]


@pytest.fixture(scope="module")
def keys_before(stack):
    return stack.keys()


@pytest.fixture(scope="module")
def answers(stack, keys_before, contents):
    with uploading(stack, contents, AT_ONCE) as uploads:
        return [upload.result() for upload in uploads]


def rows_of(stack, answers):
    ids = [answer.json()["id"] for answer in answers]
    return stack.rows("SELECT id, photo_name, state FROM photos WHERE id = ANY(%s)", ids)


def test_all_are_accepted(answers):
    assert [answer.status_code for answer in answers] == [200] * UPLOADS


def test_all_are_kept_unchanged(stack, answers, contents):
    assert_all_are_kept(stack, answers, contents)


def test_all_are_distinct_in_their_ids_keys_and_hashes(stack, answers, contents):
    assert len({answer.json()["id"] for answer in answers}) == UPLOADS
    assert len({answer.json()["photo_url"] for answer in answers}) == UPLOADS
    assert {answer.json()["sha256"] for answer in answers} == set(map(sha256, contents))
    keys = {key for _, key, _ in rows_of(stack, answers)}
    assert len(keys) == UPLOADS
    assert all(re.fullmatch(UUID4 + r"_photo\.jpg", key) for key in keys)


def test_all_are_listed_in_the_order_of_their_ids(stack, answers):
    ids = [photo["id"] for photo in listed_photos(stack)]
    assert ids == sorted(set(ids))
    assert {answer.json()["id"] for answer in answers} <= set(ids)


def test_none_is_left_unfinished(stack, answers):
    assert {state for _, _, state in rows_of(stack, answers)} == {"stored"}
    assert pending(stack) == []


def test_the_bucket_has_gained_their_objects_and_no_other(stack, keys_before, answers):
    assert stack.keys() - keys_before == {key for _, key, _ in rows_of(stack, answers)}
