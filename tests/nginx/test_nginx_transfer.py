"""Bodies on their way in and out: whole, in memory, counted, and never passed off as complete."""

import concurrent.futures
import contextlib
import http.client
import json
import os

import pytest
from fastcgi_backend import Reply
from nginx_site import ALLOWED, BODY_LIMIT
from problem_checks import check_cors

SPOOLED = "a client request body is buffered to a temporary file"


@contextlib.contextmanager
def nothing_spooled(site):
    before = site.error_log().count(SPOOLED)
    yield
    assert site.error_log().count(SPOOLED) == before


def pieces(body: bytes, size: int):
    return (body[start : start + size] for start in range(0, len(body), size))


def test_a_body_of_exactly_the_limit_arrives_whole_without_touching_the_disk(site):
    body = os.urandom(BODY_LIMIT)
    with nothing_spooled(site):
        assert site.ask("POST", "/api/photos", body).status == 200
    assert site.backend.next_request().body == body


def test_a_body_of_exactly_the_limit_stays_in_memory_over_http_2(site, tmp_path):
    upload = tmp_path / "upload"
    upload.write_bytes(os.urandom(BODY_LIMIT))
    for length in ("X-Length: kept", "Content-Length:"):  # the second takes the header away
        with nothing_spooled(site):
            answer = site.curl("/api/photos", "--data-binary", f"@{upload}", "-H", length)
        assert (answer.version, answer.status) == ("HTTP/2", 200)
        request = site.backend.next_request()
        assert request.params["CONTENT_LENGTH"] == str(BODY_LIMIT)
        assert request.body == upload.read_bytes()


def test_a_chunked_upload_of_exactly_the_limit_arrives_with_its_length_from_memory(site):
    body = os.urandom(BODY_LIMIT)
    with nothing_spooled(site):
        assert site.ask("POST", "/api/photos", pieces(body, 1024)).status == 200
    request = site.backend.next_request()
    assert request.params["CONTENT_LENGTH"] == str(BODY_LIMIT)
    assert request.body == body


def test_a_smaller_buffer_would_spool_to_disk_and_say_so(altered_site):
    """What the three tests above rely on."""
    with pytest.raises(AssertionError), nothing_spooled(altered_site):
        altered_site.ask("POST", "/api/photos", bytes(100_000))


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
