"""The logs: every answer can be found again, no secret can be found at all."""

import json

import requests

from images import JPEG
from stack import wait_until


def log_lines(stack, name):
    text = (stack.run_dir / "log" / name).read_text(errors="replace")
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def line_about(stack, name, answer):
    """The one line of that log about this answer; it may come a moment after the answer."""
    request_id = answer.headers["X-Request-ID"]

    def found():
        lines = log_lines(stack, name)
        return [line for line in lines if line.get("request_id") == request_id]

    (line,) = wait_until(found, f"{name} to tell of request {request_id}")
    return line


def test_the_worker_logs_an_upload_under_the_request_id_of_the_answer(stack):
    answer = stack.post(JPEG)
    line = line_about(stack, "photodrop.log", answer)
    assert (line["level"], line["event"]) == ("info", "request")
    assert (line["method"], line["path"], line["status"]) == ("POST", "/api/photos", 200)
    assert line["pid"] in stack.workers()
    assert line["bytes_in"] == len(answer.request.body)
    assert line["bytes_out"] > len(answer.content)  # and the headers
    assert 0 < line["ms"] < 10_000


def test_the_worker_logs_a_refusal_with_its_code(stack):
    line = line_about(stack, "photodrop.log", stack.post(b"no photo"))
    assert (line["status"], line["code"]) == (400, "unsupported-type")


def test_nginx_logs_every_answer_under_its_request_id(stack):
    for answer in (stack.post(JPEG), stack.post(bytes(7_000_000))):
        line = line_about(stack, "access.log", answer)
        assert (line["method"], line["path"]) == ("POST", "/api/photos")
        assert line["status"] == answer.status_code


def test_the_access_log_has_no_query(stack):
    answer = requests.get(stack.photos_url, params={"limit": 1, "token": "secret"}, timeout=60)
    assert line_about(stack, "access.log", answer)["path"] == "/api/photos"
    assert line_about(stack, "photodrop.log", answer)["path"] == "/api/photos"


def test_a_request_id_is_never_the_clients(stack):
    forged = {"X-Request-ID": "forged"}
    answer = requests.get(stack.photos_url, headers=forged, timeout=60)
    assert answer.headers["X-Request-ID"] != "forged"
    assert line_about(stack, "photodrop.log", answer)["status"] == 200


def test_an_address_cannot_forge_a_line_of_the_log(stack):
    before = len(log_lines(stack, "photodrop.log"))
    forgery = "%22%7D%0D%0A%7B%22event%22:%22forged%22%7D"
    answer = requests.get(f"{stack.photos_url}/{forgery}", timeout=60)
    path = line_about(stack, "photodrop.log", answer)["path"]
    assert path == '/api/photos/"}{"event":"forged"}'
    new = log_lines(stack, "photodrop.log")[before:]
    assert [line["event"] for line in new] == ["request"]


def test_no_secret_is_logged(stack):
    for answer in (stack.post(JPEG), stack.post(b"no photo"), stack.post(bytes(7_000_000))):
        line_about(stack, "access.log", answer)
    stack.list()
    assert stack.logged_secrets() == []
