"""The store or the database fails: a clear 503, nothing left behind, no restart after it."""

import concurrent.futures
import json
import time

import pytest
import requests

from crowd import assert_all_are_kept, frozen_store, listed_photos, numbered_photo, pending
from crowd import uploading, wait_for_pending
from images import JPEG
from stack import ORIGIN, wait_until

SOON = 10  # seconds: the longest that a client may wait for a refusal
OF_S3 = ("<", "Code", "NoSuch", "Invalid", "Signature", "RequestId", "amz")


def get_list(stack):
    return requests.get(stack.photos_url, headers={"Origin": ORIGIN}, timeout=60)


def timed(function, *arguments):
    """What the function returns and the seconds it took."""
    began = time.monotonic()
    return function(*arguments), time.monotonic() - began


def test_without_the_store_an_upload_is_refused_soon_and_leaves_no_row(stack, stopped_store):
    before = stack.rows()
    answer, took = timed(stack.post, JPEG)
    stack.assert_problem(answer, 503, "storage-unavailable")
    assert took < SOON
    assert stack.rows() == before


def test_without_the_store_photos_are_listed(stack, stopped_store):
    stored = [id_ for id_, _, state in stack.rows() if state == "stored"]
    assert [photo["id"] for photo in listed_photos(stack)] == stored


def test_when_the_store_is_back_the_same_workers_go_on(stack, stopped_store):
    workers = stack.workers()
    stack.assert_problem(stack.post(JPEG), 503, "storage-unavailable")
    stopped_store()
    contents = [numbered_photo(n) for n in range(2 * len(workers))]
    with uploading(stack, contents, at_once=len(workers)) as uploads:
        answers = [upload.result() for upload in uploads]
    assert [answer.status_code for answer in answers] == [200] * len(contents)
    assert_all_are_kept(stack, answers, contents)
    assert stack.workers() == workers


def test_an_upload_outlasts_a_store_that_hangs_for_two_seconds(stack):
    content = numbered_photo(1, size=4_000_000)
    with frozen_store(stack) as thaw, uploading(stack, [content], at_once=1) as [upload]:
        wait_for_pending(stack, 1)
        with pytest.raises(concurrent.futures.TimeoutError):
            upload.result(timeout=2)
        thaw()
        assert upload.result().status_code == 200
    assert_all_are_kept(stack, [upload.result()], [content])


@pytest.mark.parametrize(
    "wrong, logged",
    [
        ({"BUCKET_NAME": "no-such-bucket"}, "404 NoSuchBucket"),
        ({"AWS_ACCESS_KEY": "NOBODYSKEY"}, "403 InvalidAccessKeyId"),
        ({"AWS_SECRET_KEY": "a-wrong-secret"}, "403 SignatureDoesNotMatch"),
    ],
)
def test_what_the_store_refuses_is_told_to_the_log_alone(unchanged, spare, wrong, logged):
    with spare.serving(**wrong):
        answer = spare.stack.post(JPEG)
    spare.stack.assert_problem(answer, 503, "storage-unavailable")
    told = answer.text.replace(answer.json()["request_id"], "")
    assert not [word for word in OF_S3 if word in told], told
    assert logged in spare.served_log()
    assert "a-wrong-secret" not in spare.served_log()
    # The request's own line leads from its id to the key, which the store's line names.
    lines = [json.loads(line) for line in spare.served_log().splitlines() if line[:1] == "{"]
    request_id = answer.json()["request_id"]
    cause = next(line["cause"] for line in lines if line.get("request_id") == request_id)
    refused = next(line for line in lines if line["event"] == "put failed")
    assert cause == f"PUT of {refused['key']}"


def test_without_the_database_lists_and_uploads_are_refused_soon(stack, stopped_database):
    keys = stack.keys()
    for attempt in (lambda: get_list(stack), lambda: stack.post(JPEG)):
        answer, took = timed(attempt)
        stack.assert_problem(answer, 503, "database-unavailable")
        assert took < SOON
    assert stack.keys() == keys


def test_when_the_database_is_back_the_same_workers_go_on(stack, stopped_database):
    workers = stack.workers()
    stack.assert_problem(get_list(stack), 503, "database-unavailable")
    stopped_database()
    assert_every_worker_answers(stack)
    assert stack.workers() == workers


def assert_every_worker_answers(stack):
    """More requests at once than there are workers, so that each has to take some."""
    contents = [numbered_photo(n) for n in range(2 * len(stack.workers("upload")))]
    with uploading(stack, contents, at_once=len(contents)) as uploads:
        assert get_list(stack).status_code == 200
        statuses = [upload.result().status_code for upload in uploads]
    assert statuses == [200] * len(contents)


def test_connections_that_the_database_has_ended_cost_no_request(stack):
    with frozen_store(stack) as thaw:
        workers = len(stack.workers("upload"))
        contents = [numbered_photo(n) for n in range(workers)]
        with uploading(stack, contents, at_once=workers) as uploads:
            wait_for_pending(stack, workers)  # each worker has a connection now
            thaw()
        assert [upload.result().status_code for upload in uploads] == [200] * workers
    theirs = "FROM pg_stat_activity WHERE application_name = 'photodrop'"
    ended = stack.rows(f"SELECT pg_terminate_backend(pid) {theirs}")
    assert set(ended) == {(True,)} and len(ended) >= workers, "and those of idle workers"
    wait_until(lambda: not stack.rows(f"SELECT pid {theirs}"), "the end of their connections")
    assert_every_worker_answers(stack)


@pytest.mark.usefixtures("tidy")
def test_an_upload_whose_end_cannot_be_recorded_stays_pending_and_unlisted(stack):
    content = numbered_photo(1)
    with frozen_store(stack) as thaw, uploading(stack, [content], at_once=1) as [upload]:
        wait_for_pending(stack, 1)
        stack.stop_database()
        try:
            thaw()
            answer = upload.result()
        finally:
            stack.start_database()
    stack.assert_problem(answer, 503, "database-unavailable")
    [(id_, key, _)] = pending(stack)
    assert key in stack.keys(), "the row names what to clean up"
    assert id_ not in [photo["id"] for photo in stack.list()]
