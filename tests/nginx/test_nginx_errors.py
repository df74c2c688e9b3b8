"""nginx's own errors, each brought about for real where a client can: problem+json with CORS."""

import socket

import pytest
from conftest import RETURNED
from fastcgi_backend import Reply
from nginx_site import ALLOWED, BODY_LIMIT, PHOTO_LIMIT, wait_for
from problem_checks import check_cors, check_no_cors, check_problem

PROBLEMS = {
    400: (
        "Bad Request",
        "bad-request",
        "The request is not valid HTTP, or is plain HTTP on the HTTPS port.",
    ),
    404: ("Not Found", "not-found", "There is nothing at this address."),
    405: ("Method Not Allowed", "method-not-allowed", "This method is not allowed here."),
    408: ("Request Timeout", "request-timeout", "The request took too long to arrive."),
    412: (
        "Precondition Failed",
        "precondition-failed",
        "This is not the version that the request is about.",
    ),
    413: (
        "Content Too Large",
        "too-large",
        f"The request body is too large: a photo may have at most {PHOTO_LIMIT} bytes.",
    ),
    414: ("URI Too Long", "uri-too-long", "The address is too long."),
    429: ("Too Many Requests", "rate-limited", "Too many requests; try again later."),
    431: (
        "Request Header Fields Too Large",
        "headers-too-large",
        "The request headers are too large.",
    ),
    500: ("Internal Server Error", "internal", "The server failed to answer this request."),
    501: (
        "Not Implemented",
        "not-implemented",
        "The request uses a transfer encoding that is not supported.",
    ),
    503: ("Service Unavailable", "busy", "The service is busy; try again in a moment."),
    505: (
        "HTTP Version Not Supported",
        "http-version-not-supported",
        "This version of HTTP is not supported.",
    ),
}
ORIGIN_LINE = f"Origin: {ALLOWED}\r\n".encode()


def check(answer, status):
    check_problem(answer, status, *PROBLEMS[status])


@pytest.mark.parametrize("status", RETURNED)
def test_every_status_has_its_own_problem_page(altered_site, status):
    allowed = altered_site.ask("GET", f"/returned/{status}", Origin=ALLOWED)
    check(allowed, status)
    check_cors(allowed)
    other = altered_site.ask("GET", f"/returned/{status}", Origin="https://evil.example")
    check(other, status)
    check_no_cors(other)


def test_retry_after_goes_with_429_and_503_alone(altered_site):
    answers = {status: altered_site.ask("GET", f"/returned/{status}") for status in RETURNED}
    waits = {status: answer.headers["Retry-After"] for status, answer in answers.items()}
    assert waits == {status: {429: "1", 503: "2"}.get(status) for status in RETURNED}


@pytest.mark.parametrize(
    "line", [b"G\x01T / HTTP/1.1", b"\x16\x03\x01\x02\x00", b"GET nowhere HTTP/1.1"]
)
def test_a_broken_request_line_is_a_400(site, line):
    check(site.send_raw(line + b"\r\n" + ORIGIN_LINE + b"\r\n"), 400)


@pytest.mark.parametrize("host", [b"", b"Host: a b\r\n", b"Host: a\r\nHost: b\r\n"])
def test_a_missing_or_bad_host_is_a_400_with_cors(site, host):
    answer = site.send_raw(b"GET /api/photos HTTP/1.1\r\n" + ORIGIN_LINE + host + b"\r\n")
    check(answer, 400)
    check_cors(answer)


def test_plain_http_on_the_tls_port_is_a_400_with_cors(site):
    request = b"GET /api/photos HTTP/1.1\r\nHost: localhost\r\n" + ORIGIN_LINE + b"\r\n"
    answer = site.send_raw(request, tls_port=True)
    check(answer, 400)
    check_cors(answer)


def test_other_paths_are_not_found(site):
    for path in ("/api", "/_problem", "/_upload", "/nginx.conf", "/app.js/", "/www/"):
        answer = site.ask("GET", path, Origin=ALLOWED)
        check(answer, 404)
        check_cors(answer)


@pytest.mark.parametrize("path", ["/other", "/api"])
def test_a_large_post_to_another_path_is_not_found(site, path):
    check(site.ask("POST", path, bytes(2 * BODY_LIMIT)), 404)


def test_trace_is_not_allowed(site):
    answer = site.ask("TRACE", "/api/photos", Origin=ALLOWED)
    check(answer, 405)
    check_cors(answer)
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_a_head_request_gets_the_same_error_without_a_body(site):
    answer = site.ask("HEAD", "/other", Origin=ALLOWED)
    assert (answer.status, answer.body) == (404, b"")
    assert answer.headers["Content-Type"] == "application/problem+json"
    check_cors(answer)


def test_a_body_over_the_limit_is_a_413(site):
    answer = site.ask("POST", "/api/photos", bytes(BODY_LIMIT + 1), Origin=ALLOWED)
    check(answer, 413)
    check_cors(answer)


def test_a_body_over_the_limit_is_a_413_over_http_2(site, tmp_path):
    upload = tmp_path / "upload"
    upload.write_bytes(bytes(BODY_LIMIT + 1))
    answer = site.curl("/api/photos", "--data-binary", f"@{upload}", "-H", f"Origin: {ALLOWED}")
    assert answer.version == "HTTP/2"
    check(answer, 413)
    check_cors(answer)


def test_a_chunked_body_over_the_limit_is_a_413(site):
    chunks = iter([bytes(1 << 20)] * 7)
    connection = site.connect()
    connection.putrequest("POST", "/api/photos")
    connection.putheader("Origin", ALLOWED)
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    try:
        for chunk in chunks:
            connection.send(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    except ConnectionError:
        pass  # nginx may answer and close before it has read all
    response = connection.getresponse()
    assert response.status == 413
    assert response.headers["Access-Control-Allow-Origin"] == ALLOWED
    connection.close()


def test_only_a_post_may_bring_a_large_body(site):
    for method in ("GET", "PUT", "DELETE"):
        check(site.ask(method, "/api/photos", bytes(16 * 1024 + 1)), 413)
        assert site.ask(method, "/api/photos", bytes(16 * 1024)).status == 200


def test_a_long_address_is_a_414(site):
    check(site.ask("GET", "/api/photos?" + "a" * 9000), 414)


@pytest.mark.parametrize("path", ["/api/photos", "/other"])
def test_large_headers_are_a_431_with_cors_if_the_origin_came_first(site, path):
    answer = site.ask("GET", path, Origin=ALLOWED, X_Large="a" * 9000)
    check(answer, 431)
    check_cors(answer)


def test_an_unknown_transfer_encoding_is_a_501(site):
    answer = site.ask("POST", "/api/photos", Origin=ALLOWED, Transfer_Encoding="gzip")
    check(answer, 501)
    check_cors(answer)


def test_an_unknown_version_of_http_is_a_505(site):
    check(site.send_raw(b"GET /api/photos HTTP/9.1\r\nHost: localhost\r\n\r\n"), 505)


def test_a_worker_that_closes_early_is_busy(site):
    site.backend.replies["/api/photos"] = Reply(silent=True, complete=False)
    answer = site.ask("POST", "/api/photos", b"photo", Origin=ALLOWED)
    check(answer, 503)
    check_cors(answer)
    assert answer.headers["Retry-After"] == "2"
    assert site.logged(answer.headers["X-Request-ID"])["upstream_status"] == "502"


def test_a_worker_that_takes_too_long_is_busy(altered_site, released):
    altered_site.backend.replies["/api/photos"] = Reply(hold=released)
    answer = altered_site.ask("GET", "/api/photos", Origin=ALLOWED)
    check(answer, 503)
    check_cors(answer)
    assert altered_site.logged(answer.headers["X-Request-ID"])["upstream_status"] == "504"


def test_a_worker_that_is_not_there_is_busy(lonely_site):
    answer = lonely_site.ask("GET", "/api/photos", Origin=ALLOWED)
    check(answer, 503)
    check_cors(answer)


def test_a_worker_whose_backlog_is_full_is_busy(lonely_site):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(lonely_site.folder / "worker.sock"))
        listener.listen(0)
        with socket.socket(socket.AF_UNIX) as waiting:
            waiting.connect(str(lonely_site.folder / "worker.sock"))
            answer = lonely_site.ask("GET", "/api/photos", Origin=ALLOWED)
    check(answer, 503)
    check_cors(answer)
    assert "Resource temporarily unavailable" in lonely_site.error_log()


@pytest.mark.parametrize(
    ("rest", "path"),
    [(b"Content-Length: 100\r\n\r\nphoto", "/api/photos"), (b"X-Half: ", "")],
)
def test_a_stalled_request_is_cut_off_and_logged_as_408(altered_site, rest, path):
    """nginx has no answer for it: it closes the connection, whatever error_page says."""

    def timeouts():
        return [line["path"] for line in altered_site.log_lines() if line["status"] == 408]

    before = timeouts()
    address = ("127.0.0.1", altered_site.port)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"POST /api/photos HTTP/1.1\r\nHost: localhost\r\n" + rest)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert wait_for(lambda: timeouts()[len(before) :], "the line with 408") == [path]
