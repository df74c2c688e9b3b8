"""Bodies on their way in and out: whole, in memory, counted, and never passed off as complete."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import shutil

import pytest
from conftest import running_site
from fastcgi_backend import Reply
from nginx_site import ALLOWED, BODY_LIMIT, wait_for
from problem_checks import check_cors
from test_nginx_errors import check

IN_MEMORY = 200_000  # bytes of a usual photo
SPOOLED = "a client request body is buffered to a temporary file"


@contextlib.contextmanager
def nothing_spooled(site):
    before = site.error_log().count(SPOOLED)
    yield
    assert site.error_log().count(SPOOLED) == before


def pieces(body: bytes, size: int):
    return (body[start : start + size] for start in range(0, len(body), size))


def test_a_usual_photo_is_in_memory_and_a_large_one_in_a_file_that_goes(site):
    with nothing_spooled(site):
        assert site.ask("POST", "/api/photos", os.urandom(IN_MEMORY)).status == 200
    site.backend.next_request()
    with pytest.raises(AssertionError), nothing_spooled(site):
        site.ask("POST", "/api/photos", os.urandom(BODY_LIMIT))
    site.backend.next_request()
    wait_for(lambda: not bodies(site), "the end of the body's file")


def bodies(site):
    """The files of bodies; a request that holds one has an open file, even without a name."""
    return [file for file in (site.folder / "nginx" / "body").rglob("*") if file.is_file()]


def test_a_body_of_exactly_the_limit_arrives_whole(site):
    body = os.urandom(BODY_LIMIT)
    assert site.ask("POST", "/api/photos", body).status == 200
    assert site.backend.next_request().body == body


def test_a_body_of_exactly_the_limit_arrives_whole_over_http_2(site, tmp_path):
    upload = tmp_path / "upload"
    upload.write_bytes(os.urandom(BODY_LIMIT))
    for length in ("X-Length: kept", "Content-Length:"):  # the second takes the header away
        answer = site.curl("/api/photos", "--data-binary", f"@{upload}", "-H", length)
        assert (answer.version, answer.status) == ("HTTP/2", 200)
        request = site.backend.next_request()
        assert request.params["CONTENT_LENGTH"] == str(BODY_LIMIT)
        assert request.body == upload.read_bytes()


def test_a_chunked_upload_of_exactly_the_limit_arrives_with_its_length(site):
    body = os.urandom(BODY_LIMIT)
    assert site.ask("POST", "/api/photos", pieces(body, 1024)).status == 200
    request = site.backend.next_request()
    assert request.params["CONTENT_LENGTH"] == str(BODY_LIMIT)
    assert request.body == body


def test_a_body_that_cannot_be_kept_in_a_file_is_a_problem(certificate):
    """As on a full disk: the worker is not asked, and small uploads go on."""
    with running_site(certificate) as site:
        folder = site.folder / "nginx" / "body"
        shutil.rmtree(folder)
        folder.write_text("no folder")
        refused = site.ask("POST", "/api/photos", os.urandom(BODY_LIMIT), Origin=ALLOWED)
        check(refused, 500)
        check_cors(refused)
        assert site.backend.received.empty()
        assert site.ask("POST", "/api/photos", os.urandom(IN_MEMORY)).status == 200


def test_uploads_over_the_servers_limit_are_busy_and_readers_are_not_counted(two_uploads, released):
    site = two_uploads
    site.backend.replies["/api/held"] = Reply(hold=released)
    with concurrent.futures.ThreadPoolExecutor() as uploads:
        held = [uploads.submit(site.ask, "POST", "/api/held", b"photo") for _ in range(2)]
        for _ in held:
            site.backend.next_request()
        refused = site.ask("POST", "/api/photos", b"photo", Origin=ALLOWED)
        refused_over_tls = site.ask("POST", "/api/photos", b"photo", tls=True)
        listed = [site.ask("GET", "/api/photos").status for _ in range(3)]
        released.set()
        statuses = [upload.result().status for upload in held]
    assert (refused.status, refused_over_tls.status) == (503, 503)
    assert (listed, statuses) == ([200] * 3, [200] * 2)
    assert refused.json()["code"] == "busy"
    assert refused.headers["Retry-After"] == "2"
    check_cors(refused)
    assert site.ask("POST", "/api/photos", b"photo").status == 200


@pytest.mark.parametrize("length", [0, 1, 1500, 100_000])
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_truncated_answer_is_not_delivered_as_complete(site, length, declared, encoding):
    headers = {"Content-Length": "200000"} if declared else {}
    cut = Reply(headers=headers, body=b"a" * length, complete=False)
    site.backend.replies["/api/photos"] = cut
    connection = site.connect()
    connection.request("GET", "/api/photos", headers={"Accept-Encoding": encoding})
    with pytest.raises((http.client.IncompleteRead, http.client.RemoteDisconnected)):
        connection.getresponse().read()
    connection.close()


def test_a_truncated_answer_is_not_delivered_as_complete_over_http_2(site):
    site.backend.replies["/api/photos"] = Reply(body=b"[" + b" " * 1500, complete=False)
    assert site.curl("/api/photos").exit_status != 0
    site.backend.replies["/api/photos"] = Reply(body=b"[" + b" " * 1500)
    assert site.curl("/api/photos").exit_status == 0


def test_a_list_is_compressed_for_those_who_ask(site):
    site.backend.replies["/api/photos"] = Reply(body=json.dumps(["photo"] * 1000).encode())
    packed = site.ask("GET", "/api/photos", Accept_Encoding="gzip")
    plain = site.ask("GET", "/api/photos")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 5
    assert "Content-Encoding" not in plain.headers
    for answer in (packed, plain):
        assert set(answer.headers.get_all("Vary")) == {"Origin", "Accept-Encoding"}


def test_a_short_answer_is_not_compressed(site):
    headers = {"Content-Length": "1000"}
    site.backend.replies["/api/photos"] = Reply(headers=headers, body=b" " * 1000)
    answer = site.ask("GET", "/api/photos", Accept_Encoding="gzip")
    assert "Content-Encoding" not in answer.headers


def test_a_connection_serves_several_requests(site):
    connection = site.connect()
    for _ in range(2):
        connection.request("GET", "/api/photos")
        local = connection.sock.getsockname()
        connection.getresponse().read()
    assert connection.sock.getsockname() == local
    connection.close()
