"""A store that fails in every way it can: the right retries, the right answer, the right audit."""

import contextlib

import pytest
import requests

import fault_proxy
from audit import Deletion, Try, audit, object_exists
from crowd import sha256
from fault_proxy import answering, delaying, failing
from images import padded_jpeg
from launch import pools
from load import upload

pytestmark = pytest.mark.faults

MOST_TRIES = 3
SOON = "Retry-After: 1"
FAULTS = {
    "500": answering("500 Internal Server Error", "InternalError"),
    "503": answering("503 Service Unavailable", "SlowDown"),
    "503 with Retry-After": answering("503 Service Unavailable", "ServiceUnavailable", SOON),
    "reset before the body is read": fault_proxy.resetting_at_once,
    "reset after the body": fault_proxy.resetting_after_the_body,
    "half an answer": fault_proxy.answering_half,
    "half a head": fault_proxy.answering_half_a_head,
    "stored, but not told": fault_proxy.storing_and_dropping,
}
every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@contextlib.contextmanager
def store_that_fails(stack, spare, *faults, method="PUT"):
    """One worker of `spare` over a store with these faults; yields the proxy."""
    with failing(stack.env["S3_ENDPOINT_URL"], *faults, method=method) as proxy:
        with spare.serving(S3_ENDPOINT_URL=proxy.url, **pools(1, 1, 1)):
            yield proxy


def rows_of(stack, content):
    sql = "SELECT id, state FROM photos WHERE sha256 = decode(%s, 'hex')"
    return stack.rows(sql, sha256(content))


@every_fault
@pytest.mark.parametrize("times", [1, MOST_TRIES - 1])
def test_a_fault_that_passes_costs_tries_but_no_upload(stack, spare, fault, times):
    with store_that_fails(stack, spare, *[fault] * times) as store:
        sent = upload(spare.stack)
    assert sent.answer.status_code == 200, sent.answer.text
    assert len(store.times) == times + 1
    audit(stack, [sent]).assert_clean()


@every_fault
def test_a_fault_that_stays_is_a_503_that_leaves_nothing(stack, spare, fault):
    with store_that_fails(stack, spare, *[fault] * MOST_TRIES) as store:
        refused = upload(spare.stack)
        tries = len(store.times)
        again = Try(spare.stack.post(refused.content), refused.content, None)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    assert tries == MOST_TRIES
    assert again.answer.status_code == 200, "the same worker goes on"
    audit(stack, [refused, again]).assert_clean()
    assert rows_of(stack, refused.content) == [(again.answer.json()["id"], "stored")]


def test_a_body_that_was_never_read_leaves_no_row_even_before_a_reaper_comes(stack, spare):
    content = padded_jpeg(5_000_000)
    before = rows_of(stack, content)
    faults = [fault_proxy.resetting_at_once] * MOST_TRIES
    with store_that_fails(stack, spare, *faults):
        refused = upload(spare.stack, content)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    assert rows_of(stack, content) == before


def test_a_key_is_free_again_when_its_upload_may_have_landed(stack, spare):
    faults = [fault_proxy.storing_and_dropping] * MOST_TRIES
    with store_that_fails(stack, spare, *faults):
        refused = upload(spare.stack)
        again = upload(spare.stack, refused.content, refused.key)
    assert [refused.answer.status_code, again.answer.status_code] == [503, 200]
    audit(stack, [refused, again]).assert_clean()


def test_a_write_that_lands_after_its_upload_was_reaped_is_deleted_in_the_end(stack, spare):
    """So does a store whose disk was full, once there is room again."""
    held = []
    with store_that_fails(stack, spare, *[delaying(held)] * MOST_TRIES):
        refused = upload(spare.stack)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    audit(stack, [refused]).assert_clean()
    name = name_in(held[0])
    assert stack.rows("SELECT state FROM photos WHERE photo_name = %s", name) == [("tombstone",)]
    held[0].stored()
    assert object_exists(stack, name)
    stack.rows("UPDATE photos SET lease_until = now() WHERE photo_name = %s", name)
    audit(stack, [refused]).assert_clean()
    assert not object_exists(stack, name)


def name_in(exchange):
    """The key that the request writes; a plain one, without escapes."""
    return exchange.head.split(b" ")[1].decode().rpartition("/")[2]


def test_a_kept_connection_that_is_dead_costs_an_upload_three_seconds(stack, spare):
    """Bytes are taken, as by a middlebox that has forgotten the connection, and none comes back."""
    with store_that_fails(stack, spare, fault_proxy.passing, fault_proxy.hanging) as store:
        sent = [upload(spare.stack), upload(spare.stack)]
    assert [each.answer.status_code for each in sent] == [200, 200]
    assert len(store.times) == 3
    assert store.times[2] - store.times[1] < 3
    audit(stack, sent).assert_clean()


def test_a_store_that_is_silent_on_a_new_connection_is_given_up(stack, spare):
    with store_that_fails(stack, spare, *[fault_proxy.hanging] * 2) as store:
        refused = upload(spare.stack)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    assert len(store.times) <= 2, "the probe's connection was kept"
    assert refused.answer.elapsed.total_seconds() < 12
    audit(stack, [refused]).assert_clean()


@pytest.mark.parametrize("seconds", [0.1, 0.5, 2])
def test_a_store_that_is_far_away_is_not_given_up(stack, spare, seconds):
    far = fault_proxy.answering_after(seconds)
    with store_that_fails(stack, spare, *[far] * 4) as store:
        sent = [upload(spare.stack) for _ in range(3)]
    assert [each.answer.status_code for each in sent] == [200] * 3
    assert len(store.times) <= 4, "the first kept connection is the probe's, which was quick"
    audit(stack, sent).assert_clean()


def test_a_store_that_trickles_is_given_up_in_the_end(stack, spare):
    with store_that_fails(stack, spare, *[fault_proxy.trickling] * MOST_TRIES):
        refused = upload(spare.stack)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    assert refused.answer.elapsed.total_seconds() < 36, "the deadline of all attempts"
    audit(stack, [refused]).assert_clean()


def test_no_try_is_made_before_the_store_wants_it(stack, spare):
    later = answering("503 Service Unavailable", "ServiceUnavailable", "Retry-After: 2")
    with store_that_fails(stack, spare, later) as store:
        sent = upload(spare.stack)
    assert sent.answer.status_code == 200
    assert store.times[1] - store.times[0] >= 2
    audit(stack, [sent]).assert_clean()


def test_a_store_that_wants_too_long_a_pause_is_not_tried_again(stack, spare):
    much_later = answering("503 Service Unavailable", "ServiceUnavailable", "Retry-After: 3600")
    with store_that_fails(stack, spare, much_later) as store:
        refused = upload(spare.stack)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    assert len(store.times) == 1
    audit(stack, [refused]).assert_clean()


def test_a_store_that_refuses_is_not_tried_again(stack, spare):
    with store_that_fails(stack, spare, answering("403 Forbidden", "AccessDenied")) as store:
        refused = upload(spare.stack)
    stack.assert_problem(refused.answer, 503, "storage-unavailable")
    assert len(store.times) == 1
    assert rows_of(stack, refused.content) == []
    audit(stack, [refused]).assert_clean()


@every_fault
def test_a_deletion_that_the_store_fails_is_finished_by_the_reaper(stack, spare, fault):
    sent = upload(stack)
    photo = sent.answer.json()["id"]
    with store_that_fails(stack, spare, *[fault] * MOST_TRIES, method="DELETE") as store:
        deletion = Deletion(requests.delete(f"{spare.stack.photos_url}/{photo}", timeout=60), photo)
    assert deletion.answer.status_code == 204
    assert len(store.times) == MOST_TRIES
    assert stack.rows("SELECT state FROM photos WHERE id = %s", photo) == [("deleting",)]
    audit(stack, [sent], [deletion]).assert_clean()
