"""The logs: every answer can be found again, no secret can be found at all."""

import contextlib
import os
import pty
import re
import subprocess

import requests

from images import FORMATS, JPEG
from stack import line_about, wait_until

LIST = "/api/photos"  # the route; nginx may have asked for what it keeps under another one


def test_the_worker_logs_an_upload_under_the_request_id_of_the_answer(stack):
    answer = stack.post(JPEG)
    line = line_about(stack, "photodrop.log", answer)
    assert (line["level"], line["event"]) == ("info", "request")
    assert (line["method"], line["path"], line["status"]) == ("POST", "/api/photos", 200)
    assert line["pid"] in stack.workers()
    assert line["bytes_in"] == len(answer.request.body)
    assert line["bytes_out"] > len(answer.content)  # and the headers
    assert 0 < line["s3_ms"] + line["db_ms"] < line["ms"] < 10_000
    assert (line["s3_attempts"], line["db_attempts"]) == (1, 2)  # PUT; begin and finish


def test_an_upload_is_logged_with_the_type_that_it_truly_has(stack):
    line = line_about(stack, "photodrop.log", stack.post(FORMATS["png"], content_type="image/jpeg"))
    assert line["image_type"] == "image/png"


def test_a_request_is_logged_under_its_route(stack):
    photo = stack.post(JPEG).json()
    answer = requests.get(stack.http_url + photo["image_url"], allow_redirects=False, timeout=60)
    line = line_about(stack, "photodrop.log", answer)
    assert (line["path"], line["route"]) == (photo["image_url"], "/api/photos/{id}/image")


def test_what_a_request_has_not_waited_for_is_left_out(stack):
    used = {"s3_ms", "s3_attempts", "db_ms", "db_attempts", "image_type"}
    refused = line_about(stack, "photodrop.log", stack.post(b"no photo"))
    assert not used & refused.keys()
    answer = requests.get(stack.photos_url, timeout=60)
    listed = line_about(stack, "photodrop.log", answer, route=LIST)
    assert used & listed.keys() == {"db_ms", "db_attempts"}


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
    assert line_about(stack, "photodrop.log", answer, route=LIST)["path"] == "/api/photos"


def test_a_request_id_is_never_the_clients(stack):
    forged = {"X-Request-ID": "forged"}
    answer = requests.get(stack.photos_url, headers=forged, timeout=60)
    assert answer.headers["X-Request-ID"] != "forged"
    assert line_about(stack, "photodrop.log", answer, route=LIST)["status"] == 200


def test_an_address_cannot_forge_a_line_of_the_log(stack):
    before = len(stack.log_lines())
    forgery = "%22%7D%0D%0A%7B%22event%22:%22forged%22%7D"
    answer = requests.get(f"{stack.photos_url}/{forgery}", timeout=60)
    path = line_about(stack, "photodrop.log", answer)["path"]
    assert path == '/api/photos/"}{"event":"forged"}'
    new = stack.log_lines()[before:]
    assert [line["event"] for line in new] == ["request"]


def test_the_log_begins_with_what_was_started(stack):
    starting, started, *_ = stack.log_lines()
    version = stack.run("help").stdout.split()[1]
    assert (starting["event"], starting["version"]) == ("supervisor starting", version)
    assert (starting["workers"], starting["old_workers"]) == (8, 0)
    assert (starting["upload_workers"], starting["thumbnail_workers"]) == (16, 2)
    assert starting["socket"] == str(stack.run_dir / "photodrop.sock")
    assert started["event"] == "supervisor started"


def test_on_a_terminal_the_log_is_for_people(spare, folder):
    screen, line = pty.openpty()
    os.set_blocking(screen, False)
    settings = {**spare.settings, "LISTEN_SOCKET": str(folder / "socket")}
    service = subprocess.Popen([spare.program, "serve"], env=settings, stderr=line)
    shown = bytearray()

    def shows(words):
        with contextlib.suppress(BlockingIOError):
            shown.extend(os.read(screen, 4096))
        return words in shown

    try:
        wait_until(lambda: shows(b"supervisor started"), "the start")
        service.terminate()
        wait_until(lambda: shows(b"supervisor stopped"), "the stop", seconds=90)
    finally:
        service.kill()
        service.wait()
        os.close(screen)
        os.close(line)
    first, *others = shown.decode().splitlines()
    head = r"\d\d:\d\d:\d\d\.\d{3}Z info    supervisor starting version=\S+ workers=8 "
    assert re.match(head, first), first
    assert [re.sub(r"^\S+ info +", "", other) for other in others] == [
        "supervisor started",
        "supervisor stopping",
        "supervisor stopped",
    ]


def test_no_secret_is_logged(stack):
    for answer in (stack.post(JPEG), stack.post(b"no photo"), stack.post(bytes(7_000_000))):
        line_about(stack, "access.log", answer)
    stack.list()
    assert stack.logged_secrets() == []
