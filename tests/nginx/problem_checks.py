"""What every error page must be, whatever brought it about."""

from nginx_site import ALLOWED, Answer

MEMBERS = ["type", "title", "status", "detail", "code", "request_id"]


def check_problem(answer: Answer, status: int, title: str, code: str, detail: str) -> None:
    """An RFC 9457 answer with the headers that all answers have."""
    problem = answer.json()
    assert answer.status == status
    assert answer.headers.get_all("Content-Type") == ["application/problem+json"]
    assert list(problem) == MEMBERS
    assert problem["type"] == "about:blank"
    assert problem["title"] == title
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["detail"] == detail
    assert answer.headers.get_all("X-Request-ID") == [problem["request_id"]]
    assert answer.headers.get_all("Cache-Control") == ["no-store"]
    check_security_headers(answer)


def check_security_headers(answer: Answer) -> None:
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
    assert {name: answer.headers.get_all(name) for name in expected} == {
        name: [value] for name, value in expected.items()
    }
    assert answer.headers["Server"] == "nginx"


def check_cors(answer: Answer, origin: str = ALLOWED) -> None:
    """The answer may be read by scripts from `origin`."""
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [origin]
    assert answer.headers.get_all("Access-Control-Allow-Credentials") == ["true"]
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert exposed == ["X-Request-ID", "Retry-After", "Link", "Location", "ETag", "Idempotent-Replayed"]
    assert "Origin" in answer.headers.get_all("Vary")


def check_no_cors(answer: Answer) -> None:
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]
    assert "Origin" in answer.headers.get_all("Vary")
