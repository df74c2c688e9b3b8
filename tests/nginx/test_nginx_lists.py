"""Lists that nginx keeps, each at the place that the worker names."""

import gzip
import json

from fastcgi_backend import Reply
from nginx_site import ALLOWED

PLACE = "/_lists/0123456789abcdef"
KEEP = {"X-Accel-Expires": "86400", "Cache-Control": "private, no-cache", "ETag": 'W/"0123"'}


def send_to(site, query):
    """The list is at that place, for a page of it."""
    redirect = {"X-Accel-Redirect": f"{PLACE}?{query}"}
    site.backend.replies["/api/photos"] = Reply(headers=redirect)


def asked_for(site):
    """The paths that the worker was asked for since the last time."""
    paths = []
    while not site.backend.received.empty():
        paths.append(site.backend.next_request().path)
    return paths


def test_the_worker_is_told_that_lists_are_kept(site):
    site.ask("GET", "/api/photos")
    assert site.backend.next_request().params["LIST_CACHE"] == "on"


def test_a_list_comes_from_the_place_that_the_worker_names(site):
    send_to(site, "limit=2&after=7")
    answer = site.ask("GET", "/api/photos?x=y", Origin=ALLOWED)
    assert answer.status == 200
    first, second = site.backend.next_request(), site.backend.next_request()
    assert (first.path, first.params["QUERY_STRING"]) == ("/api/photos", "x=y")
    assert (second.path, second.params["QUERY_STRING"]) == (PLACE, "limit=2&after=7")
    assert second.params["REQUEST_METHOD"] == "GET"
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert answer.headers.get_all("X-Request-ID") == [first.params["REQUEST_ID"]]
    line = site.logged(answer.headers["X-Request-ID"])
    assert (line["path"], line["status"]) == ("/api/photos", 200)


def test_a_list_that_was_asked_for_twice_is_kept(site):
    send_to(site, "limit=1")
    body = json.dumps(["a photo"] * 10_000).encode()
    site.backend.replies[PLACE] = Reply(headers=KEEP, body=body)
    for kept in (False, False, True, True):
        answer = site.ask("GET", "/api/photos", Origin=ALLOWED)
        assert (answer.status, answer.body) == (200, body)
        assert asked_for(site) == ["/api/photos"] + [PLACE] * (not kept)
        assert answer.headers["ETag"] == KEEP["ETag"]
        assert answer.headers.get_all("Cache-Control") == ["private, no-cache"]
        assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
        assert "X-Accel-Expires" not in answer.headers


def test_a_list_that_the_worker_compressed_is_kept_and_sent_as_it_is(site):
    send_to(site, "limit=3")
    body = gzip.compress(json.dumps(["a photo"] * 10_000).encode())
    coded = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    site.backend.replies[PLACE] = Reply(headers={**KEEP, **coded}, body=body)
    for encoding in ("gzip", "gzip, deflate", "gzip, deflate, br"):
        answer = site.ask("GET", "/api/photos", Origin=ALLOWED, Accept_Encoding=encoding)
        assert (answer.status, answer.body) == (200, body)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers.get_all("Vary") == ["Accept-Encoding", "Origin"]
    assert asked_for(site).count(PLACE) == 2


def test_a_list_that_the_worker_did_not_compress_is_sent_as_it_is(site):
    send_to(site, "limit=4")
    body = json.dumps(["a photo"] * 10_000).encode()
    site.backend.replies[PLACE] = Reply(headers={**KEEP, "Vary": "Accept-Encoding"}, body=body)
    for _ in range(3):
        answer = site.ask("GET", "/api/photos", Origin=ALLOWED, Accept_Encoding="gzip")
        assert (answer.status, answer.body) == (200, body)
        assert "Content-Encoding" not in answer.headers
        assert answer.headers.get_all("Vary") == ["Accept-Encoding", "Origin"]


def test_other_pages_are_other_lists(site):
    for query in ("limit=5", "limit=5&after=1"):
        body = query.encode()
        send_to(site, query)
        site.backend.replies[PLACE] = Reply(headers=KEEP, body=body)
        assert {site.ask("GET", "/api/photos").body for _ in range(3)} == {body}


def test_what_the_worker_does_not_want_kept_is_not(site):
    for reply in (
        Reply(body=b"[]", headers={"Cache-Control": "public, max-age=60"}),
        Reply(status="503 Service Unavailable", body=b"{}"),
    ):
        send_to(site, "limit=6")
        site.backend.replies[PLACE] = reply
        for _ in range(3):
            assert site.ask("GET", "/api/photos").body == reply.body
            assert asked_for(site) == ["/api/photos", PLACE]


def test_nobody_else_reads_what_is_kept(site):
    send_to(site, "limit=7")
    site.backend.replies[PLACE] = Reply(headers=KEEP, body=b"[]")
    for _ in range(2):
        site.ask("GET", "/api/photos")
    folder = site.folder / "nginx" / "lists"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o077 for path in [folder, *files]} == {0}


def test_a_client_cannot_go_there_itself(site):
    for path in ("/_lists/", PLACE, f"{PLACE}?limit=1"):
        answer = site.ask("GET", path)
        assert (answer.status, answer.json()["code"]) == (404, "not-found")
    assert site.backend.received.empty()


def test_a_worker_that_dies_over_a_list_is_a_problem(site):
    send_to(site, "limit=8")
    site.backend.replies[PLACE] = Reply(silent=True, complete=False)
    answer = site.ask("GET", "/api/photos", Origin=ALLOWED)
    assert (answer.status, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED


def test_half_a_list_is_neither_kept_nor_taken_for_a_whole_one(site):
    send_to(site, "limit=9")
    site.backend.replies[PLACE] = Reply(headers=KEEP, body=b"[" * 100_000, complete=False)
    for _ in range(3):
        assert site.curl("/api/photos").exit_status != 0
    assert asked_for(site).count(PLACE) == 3
