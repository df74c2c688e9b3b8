"""One photo at its own address: shown, deleted, and gone for good."""

import pytest
import requests

from images import JPEG
from stack import ORIGIN

NO_IDS = ["0", "-1", "+1", "01", "1x", "%20", "1%20", "9223372036854775808", "9" * 40, "a", "%00"]


@pytest.fixture
def photo(stack):
    return stack.post(JPEG, "cat.jpg").json()


def ask(stack, method, id_):
    url = f"{stack.photos_url}/{id_}"
    return requests.request(method, url, headers={"Origin": ORIGIN}, timeout=60)


def test_a_photo_has_an_address(stack, photo):
    shown = ask(stack, "GET", photo["id"])
    assert shown.status_code == 200
    assert {**shown.json(), "photo_url": "", "expires_at": ""} == {
        **photo,
        "photo_url": "",
        "expires_at": "",
    }
    assert requests.get(shown.json()["photo_url"], timeout=60).content == JPEG
    head = ask(stack, "HEAD", photo["id"])
    assert (head.status_code, head.content) == (200, b"")


def test_a_deleted_photo_is_gone_from_list_store_and_address(stack, photo):
    deleted = ask(stack, "DELETE", photo["id"])
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert "Content-Length" not in deleted.headers
    assert deleted.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert photo["id"] not in [each["id"] for each in stack.list()]
    assert requests.get(photo["photo_url"], timeout=60).status_code == 404
    for method in ("GET", "DELETE"):
        stack.assert_problem(ask(stack, method, photo["id"]), 404, "not-found")


def test_of_a_deleted_photo_no_more_than_its_key_is_remembered(stack, photo):
    ask(stack, "DELETE", photo["id"])
    columns = "state, filename, content_type, size, width, height, sha256, idempotency_key"
    rows = stack.rows(f"SELECT {columns} FROM photos WHERE id = %s", photo["id"])
    assert rows == [("tombstone", *[None] * 7)]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("id_", NO_IDS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_no_id_is_not_found(stack, method, id_):
    answer = ask(stack, method, id_)
    assert answer.status_code in (400, 404) if id_ == "%00" else answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_other_methods_are_told_which_there_are(stack, photo):
    for method in ("PUT", "PATCH", "POST"):
        answer = ask(stack, method, photo["id"])
        stack.assert_problem(answer, 405, "method-not-allowed")
        assert answer.headers["Allow"] == "GET, HEAD, DELETE"


def test_while_the_store_is_down_a_photo_is_deleted_for_the_reaper_to_finish(
    stack, photo, stopped_store
):
    assert ask(stack, "DELETE", photo["id"]).status_code == 204
    stack.assert_problem(ask(stack, "GET", photo["id"]), 404, "not-found")
    stopped_store()
    assert requests.get(photo["photo_url"], timeout=60).status_code == 200
    assert stack.run("reap").returncode == 0
    assert requests.get(photo["photo_url"], timeout=60).status_code == 404


def test_without_the_database_nothing_is_deleted(stack, photo, stopped_database):
    stack.assert_problem(ask(stack, "DELETE", photo["id"]), 503, "database-unavailable")
    stopped_database()
    assert requests.get(photo["photo_url"], timeout=60).content == JPEG
    assert ask(stack, "GET", photo["id"]).status_code == 200
