"""What the worker is told of a request, and what the log keeps of it."""

import re

import pytest
from fastcgi_backend import Reply
from nginx_site import ALLOWED, wait_for


def test_the_worker_is_told_the_request(site):
    site.ask("POST", "/api//photos/%41?limit=2&x=%20", b"photo", Content_Type="image/jpeg")
    request = site.backend.next_request()
    expected = {
        "REQUEST_METHOD": "POST",
        "DOCUMENT_URI": "/api/photos/A",
        "QUERY_STRING": "limit=2&x=%20",
        "CONTENT_TYPE": "image/jpeg",
        "CONTENT_LENGTH": "5",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
    }
    assert {name: request.params[name] for name in expected} == expected
    assert request.body == b"photo"
    assert "HTTPS" not in request.params


def test_the_worker_is_told_of_tls(site):
    site.ask("GET", "/api/photos", tls=True)
    assert site.backend.next_request().params["HTTPS"] == "on"


@pytest.mark.parametrize(
    ("method", "path", "pool"),
    [
        ("GET", "/api/photos", "api"),
        ("HEAD", "/api/photos/7", "api"),
        ("PUT", "/api/photos/7", "api"),
        ("GET", "/api/photos/7/image", "api"),
        ("GET", "/api/photos/7/thumbnail", "api"),
        ("GET", "/healthz", "api"),
        ("GET", "/readyz", "api"),
        ("GET", "/metrics", "api"),
        ("POST", "/api/photos", "upload"),
        ("POST", "/api/photos/7", "upload"),
        ("DELETE", "/api/photos/7", "upload"),
    ],
)
def test_each_request_goes_to_the_pool_for_it(site, method, path, pool):
    site.ask(method, path)
    request = site.backend.next_request()
    assert (request.pool, request.path) == (pool, path)


def test_a_thumbnail_that_is_to_be_made_is_passed_on_to_its_pool(site):
    redirect = {"X-Accel-Redirect": "/_thumbnails/7?w=320"}
    site.backend.replies["/api/photos/7/thumbnail"] = Reply(headers=redirect)
    answer = site.ask("GET", "/api/photos/7/thumbnail", Authorization="Bearer token")
    first, second = site.backend.next_request(), site.backend.next_request()
    assert first.params["THUMBNAIL_POOL"] == "on"
    assert (second.pool, second.path) == ("thumbnail", "/_thumbnails/7")
    assert second.params["QUERY_STRING"] == "w=320"
    assert second.params["HTTP_AUTHORIZATION"] == "Bearer token"
    assert "THUMBNAIL_POOL" not in second.params
    assert answer.status == 200


def test_nobody_asks_a_pool_directly(site):
    for place in ("/_upload", "/_delete", "/_thumbnails/7", "/_lists/0123"):
        assert site.ask("GET", place).status == 404
    assert site.backend.received.empty()


def test_every_method_keeps_its_path(site):
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        site.ask(method, "/api/photos/7")
        request = site.backend.next_request()
        assert (request.params["REQUEST_METHOD"], request.path) == (method, "/api/photos/7")


def test_other_headers_reach_the_worker_but_never_a_proxy(site):
    own = {"X_Filename": "a.jpg", "Idempotency_Key": '"k"', "Authorization": "Bearer token"}
    site.ask("GET", "/api/photos", **own, Proxy="evil:80")
    params = site.backend.next_request().params
    assert params["HTTP_AUTHORIZATION"] == "Bearer token"
    assert params["HTTP_X_FILENAME"] == "a.jpg"
    assert params["HTTP_IDEMPOTENCY_KEY"] == '"k"'
    assert "HTTP_PROXY" not in params


def test_a_large_header_of_the_worker_passes(site):
    link = "</api/photos?" + "a" * 12_000 + ">"
    site.backend.replies["/api/photos"] = Reply(headers={"Link": link})
    assert site.ask("GET", "/api/photos").headers["Link"] == link


def test_a_request_that_failed_is_not_sent_again(site):
    site.backend.replies["/api/photos"] = Reply(silent=True, complete=False)
    assert site.ask("POST", "/api/photos", b"photo").status == 503
    site.backend.next_request()
    assert site.backend.received.empty()


def test_everything_nginx_writes_is_under_the_run_folder(site):
    written = {path.name for path in (site.folder / "nginx").iterdir()}
    assert written == {"nginx.pid", "body", "fastcgi", "images", "lists", "proxy", "scgi", "uwsgi"}
    assert {path.name for path in (site.folder / "log").iterdir()} == {"access.log", "error.log"}


def test_one_request_id_goes_to_worker_response_and_log_and_the_clients_is_ignored(site):
    answer = site.ask("GET", "/api/photos", X_Request_ID="forged")
    params = site.backend.next_request().params
    request_id = params["REQUEST_ID"]
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    assert answer.headers.get_all("X-Request-ID") == [request_id]
    assert "forged" not in params.values()
    assert site.logged(request_id)["status"] == 200


def test_an_error_page_has_the_request_id_that_the_worker_saw(site):
    site.backend.replies["/api/photos"] = Reply(silent=True, complete=False)
    answer = site.ask("POST", "/api/photos", b"photo", X_Request_ID="forged")
    request_id = site.backend.next_request().params["REQUEST_ID"]
    assert answer.headers.get_all("X-Request-ID") == [request_id]
    assert answer.json()["request_id"] == request_id
    assert site.logged(request_id)["status"] == 503


def test_request_ids_differ(site):
    ids = {site.ask("GET", "/api/photos").headers["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5


def test_the_log_has_a_request_without_its_query_string(site):
    answer = site.ask("GET", "/api/photos?token=s3cret")
    line = site.logged(answer.headers["X-Request-ID"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", line.pop("time"))
    assert line.pop("bytes") > len(answer.body)
    assert isinstance(line.pop("request_time"), float)
    assert float(line.pop("upstream_response_time")) >= 0
    assert line == {
        "request_id": answer.headers["X-Request-ID"],
        "remote_addr": "127.0.0.1",
        "method": "GET",
        "path": "/api/photos",
        "status": 200,
        "upstream_status": "200",
    }
    assert "s3cret" not in (site.folder / "log" / "access.log").read_text()


def test_the_log_keeps_method_and_path_of_a_request_that_failed(site):
    answer = site.ask("POST", "/elsewhere?token=s3cret", b"photo", Origin=ALLOWED)
    line = site.logged(answer.headers["X-Request-ID"])
    assert (line["method"], line["path"], line["status"]) == ("POST", "/elsewhere", 404)


def test_the_log_stays_json_whatever_the_request_line_is(site):
    for target in (b'/api/"\\\xff\x7f?x', b"/api/\x80", b"http://a/b?c"):
        answer = site.send_raw(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        line = site.logged(answer.headers["X-Request-ID"])
        assert line["method"] in ("GET", "")
        assert line["path"].isascii() and "?" not in line["path"]


def test_the_log_stays_json_when_there_is_no_answer(site):
    """Over HTTP/2 nginx ends the connection at a field of more than 8 kB."""
    unanswered = sum(line["status"] == 0 for line in site.log_lines())
    answer = site.curl("/api/photos", "-H", "X-Large: " + "a" * 20_000)
    assert answer.status == 0
    wait_for(
        lambda: sum(line["status"] == 0 for line in site.log_lines()) > unanswered,
        "the line in the access log",
    )
