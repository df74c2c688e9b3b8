"""Scripts of the allowed origins may read every answer, those of others none."""

import pytest
import requests

import wire
from images import JPEG
from stack import ORIGIN

STRANGERS = [
    *("http://127.0.0.1:5173", "http://localhost", "https://localhost:5173"),
    *("http://localhost:51730", "http://localhost:5173.evil.example", "http://evil.example"),
    *("http://evil.example/http://localhost:5173", "null", "*", ""),
]


def cors_headers(answer):
    return {n: v for n, v in answer.headers.items() if n.lower().startswith("access-control-")}


def preflight(stack, origin, method="POST", path=None):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type,idempotency-key,x-filename",
    }
    return requests.options(path or stack.photos_url, headers=headers, timeout=60)


def answers_to(stack, origin):
    """An answer of each kind: a photo, the list, a refusal by the worker, two by nginx."""
    headers = {"Origin": origin}
    yield stack.post(JPEG, headers=headers)
    yield requests.get(stack.photos_url, headers=headers, timeout=60)
    yield requests.head(stack.photos_url, headers=headers, timeout=60)
    yield stack.post(b"no photo", headers=headers)
    yield stack.post(bytes(7_000_000), headers=headers)
    yield requests.get(stack.http_url + "/nothing", headers=headers, timeout=60)


def test_the_allowed_origin_may_read_every_kind_of_answer(stack):
    statuses = []
    for answer in answers_to(stack, ORIGIN):
        statuses.append(answer.status_code)
        cors = cors_headers(answer)
        exposed = cors.pop("Access-Control-Expose-Headers").split(", ")
        assert {"X-Request-ID", "Retry-After", "Link"} <= set(exposed)
        assert cors == {
            "Access-Control-Allow-Origin": ORIGIN,
            "Access-Control-Allow-Credentials": "true",
        }
        assert "Origin" in answer.headers["Vary"].split(", ")
    assert statuses == [200, 200, 200, 400, 413, 404]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_other_origins_may_read_nothing(stack, stranger):
    for answer in answers_to(stack, stranger):
        assert cors_headers(answer) == {}
        assert "Origin" in answer.headers["Vary"].split(", ")


def test_clients_that_are_no_browsers_see_no_cors_headers(stack):
    assert cors_headers(requests.get(stack.photos_url, timeout=60)) == {}


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_the_allowed_origin_may_send_its_own_headers(stack, method):
    answer = preflight(stack, ORIGIN, method)
    assert (answer.status_code, answer.content) == (204, b"")
    cors = cors_headers(answer)
    assert cors["Access-Control-Allow-Origin"] == ORIGIN
    assert cors["Access-Control-Allow-Credentials"] == "true"
    assert method in cors["Access-Control-Allow-Methods"].split(", ")
    # With credentials a star would be a name like any other.
    assert cors["Access-Control-Allow-Headers"] == "content-type,idempotency-key,x-filename"
    assert int(cors["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize("stranger", STRANGERS)
def test_other_origins_get_no_leave_to_send_anything(stack, stranger):
    answer = preflight(stack, stranger)
    assert cors_headers(answer) == {}
    assert "Origin" in answer.headers["Vary"].split(", ")


def test_asking_for_leave_stores_nothing(stack, unchanged):
    preflight(stack, ORIGIN)


def test_no_header_is_sent_twice(stack):
    """A browser takes a doubled Access-Control-Allow-Origin for none."""
    headers = {"Origin": ORIGIN}
    answer = requests.get(stack.photos_url, headers=headers, timeout=60)
    names = [name.lower() for name in answer.raw.headers if name.lower() != "vary"]
    doubled = {name for name in names if len(answer.raw.headers.getlist(name)) > 1}
    assert doubled == set()


def test_the_origin_of_a_refused_form_may_read_why(stack, unchanged):
    answer = wire.send(stack, b"--frontier", headers={"Origin": ORIGIN})
    stack.assert_problem(answer, 400, "malformed-upload")
