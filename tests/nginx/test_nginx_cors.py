"""CORS: exact origins, preflights answered by nginx, one set of headers on every answer."""

import pytest
from fastcgi_backend import Reply
from nginx_site import ALLOWED
from problem_checks import check_cors, check_no_cors, check_security_headers

STRANGERS = [
    "https://evil.example",
    "http://localhost:5174",
    "http://localhost:51730",
    "https://localhost:5173",
    "http://localhost:5173/",
    "http://localhost:5173.evil.example",
    "https://app.example.evil.example",
    "https://appxexample",
    "null",
]


def preflight(site, origin, headers="content-type, idempotency-key, x-anything"):
    return site.ask(
        "OPTIONS",
        "/api/photos",
        Origin=origin,
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers=headers,
    )


@pytest.mark.parametrize("origin", [ALLOWED, "https://app.example"])
def test_each_listed_origin_is_answered_with_itself(site, origin):
    answer = site.ask("GET", "/api/photos", Origin=origin)
    assert answer.status == 200
    check_cors(answer, origin)
    check_security_headers(answer)


@pytest.mark.parametrize("origin", STRANGERS)
def test_an_origin_that_only_resembles_a_listed_one_gets_no_cors_headers(site, origin):
    check_no_cors(site.ask("GET", "/api/photos", Origin=origin))
    check_no_cors(preflight(site, origin))


def test_a_request_without_an_origin_varies_by_origin_too(site):
    check_no_cors(site.ask("GET", "/api/photos"))


def test_a_preflight_is_answered_without_the_worker(site):
    answer = preflight(site, ALLOWED)
    assert (answer.status, answer.body) == (204, b"")
    check_cors(answer)
    check_security_headers(answer)
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, DELETE, OPTIONS"
    allowed = answer.headers["Access-Control-Allow-Headers"]
    assert allowed == "content-type, idempotency-key, x-anything"
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert site.backend.received.empty()


def test_preflight_headers_are_not_on_other_answers(site):
    answer = site.ask("GET", "/api/photos", Origin=ALLOWED, Access_Control_Request_Headers="x-a")
    for name in ("Allow-Methods", "Allow-Headers", "Max-Age"):
        assert f"Access-Control-{name}" not in answer.headers


def test_an_answer_of_the_worker_gets_each_header_once_over_http_2_too(site):
    answer = site.curl("/api/photos", "-H", f"Origin: {ALLOWED}")
    assert (answer.version, answer.status) == ("HTTP/2", 200)
    check_cors(answer)
    check_security_headers(answer)


def test_the_workers_own_error_passes_untouched_with_cors(site):
    body = b'{"type":"about:blank","title":"Bad Request","status":400,"code":"malformed-upload"}'
    headers = {"Content-Type": "application/problem+json", "Link": '</api>; rel="next"'}
    site.backend.replies["/api/photos"] = Reply("400 Bad Request", headers, body)
    answer = site.ask("POST", "/api/photos", b"broken", Origin=ALLOWED)
    assert (answer.status, answer.body) == (400, body)
    assert {name: answer.headers[name] for name in headers} == headers
    check_cors(answer)


def test_the_workers_503_keeps_its_own_retry_after(site):
    headers = {"Content-Type": "application/problem+json", "Retry-After": "30"}
    site.backend.replies["/api/photos"] = Reply("503 Service Unavailable", headers, b"{}")
    answer = site.ask("GET", "/api/photos", Origin=ALLOWED)
    assert (answer.status, answer.body) == (503, b"{}")
    assert answer.headers.get_all("Retry-After") == ["30"]
    check_cors(answer)


def test_strict_transport_security_is_sent_over_tls_when_it_is_set(site, altered_site):
    def header(one_site, tls):
        return one_site.ask("GET", "/api/photos", tls=tls).headers["Strict-Transport-Security"]

    assert header(altered_site, tls=True) == "max-age=63072000"
    assert header(altered_site, tls=False) is None
    assert header(site, tls=True) is None
