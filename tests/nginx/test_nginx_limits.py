"""Limits of one client, by address and by token, and of all: who is counted as whom, what a refusal
looks like, and that nothing below a limit is refused."""

import concurrent.futures
import contextlib
import time

import pytest
from conftest import running_site
from fastcgi_backend import Reply
from nginx_site import ALLOWED, wait_for
from problem_checks import check_cors
from test_nginx_errors import check

# The address that a test wants to have, which nginx believes of a proxy on the same machine.
AS_SENT = {
    "server_tokens off;": "server_tokens off;"
    "set_real_ip_from 127.0.0.0/8; real_ip_header X-Address;"
    "location = /client { return 200 $photodrop_client_network; }"
    "location = /token { return 200 $photodrop_upload_token; }"
}
ID = "0123456789ab"
TOKEN = f"Bearer pd_{ID}_" + "a" * 43


@contextlib.contextmanager
def limited(certificate, **limits):
    with running_site(certificate, edits=AS_SENT, **limits) as site:
        yield site


@pytest.fixture(scope="module")
def mapped(certificate):
    with limited(certificate) as site:
        yield site


def upload(site, **headers) -> int:
    return site.ask("POST", "/api/photos", b"photo", **headers).status


def statuses(site, count, **headers) -> list[int]:
    return [upload(site, **headers) for _ in range(count)]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.10", "c000020a"),  # with a line end among its bytes
        ("2001:db8:0:a::1", "20010db80000000a"),
        ("2001:db8:0:a:ffff:ffff:ffff:ffff", "20010db80000000a"),
        ("2001:db8:0:b::1", "20010db80000000b"),
        ("::1", "0000000000000000"),
        ("::ffff:192.0.2.10", "c000020a"),
    ],
)
def test_a_client_is_an_ipv4_address_or_the_first_half_of_one_of_ipv6(mapped, address, network):
    assert mapped.ask("GET", "/client", X_Address=address).body.hex() == network


@pytest.mark.parametrize(
    ("sent", "token"),
    [
        (TOKEN, ID),
        (TOKEN.replace("Bearer", "bEARER "), ID),
        (TOKEN.upper(), ""),
        (f"Bearer pd_{ID}", ""),
        (f"Bearer {ID}_", ""),
        ("Bearer garbage", ""),
        (f"Basic pd_{ID}_", ""),
    ],
)
def test_a_token_is_known_by_its_id_alone(mapped, sent, token):
    assert mapped.ask("GET", "/token", Authorization=sent).body.decode() == token


def test_uploads_over_the_rate_of_an_address_are_refused_until_retry_after(certificate):
    with limited(certificate, UPLOADS_PER_MINUTE="30") as site:
        assert statuses(site, 31) == [200] * 31, "a minute's worth at once, and one"
        refused = site.ask("POST", "/api/photos", b"photo", Origin=ALLOWED)
        check(refused, 429)
        check_cors(refused)
        wait = int(refused.headers["Retry-After"])
        assert wait == 2
        time.sleep(wait)
        assert statuses(site, 2) == [200, 429]


def test_only_uploads_are_counted(certificate):
    with limited(certificate, UPLOADS_PER_MINUTE="1", UPLOADS_PER_MINUTE_PER_TOKEN="1") as site:
        for method in ("GET", "HEAD", "DELETE", "OPTIONS"):
            answers = [site.ask(method, "/api/photos", Authorization=TOKEN) for _ in range(4)]
            assert {answer.status for answer in answers} <= {200, 204}, method
        assert statuses(site, 3, Authorization=TOKEN) == [200, 200, 429]
        assert site.ask("GET", "/api/photos").status == 200


def test_addresses_are_counted_apart_and_those_of_one_network_together(certificate):
    with limited(certificate, UPLOADS_PER_MINUTE="1") as site:
        for address in ("127.0.0.1", "127.0.0.2", "::1", "2001:db8::1", "2001:db8:0:1::1"):
            assert statuses(site, 3, X_Address=address) == [200, 200, 429], address
        assert upload(site, X_Address="2001:db8::2") == 429
        assert upload(site, X_Address="::ffff:127.0.0.2") == 429


def test_tokens_are_counted_apart_from_wherever_they_come(certificate):
    with limited(certificate, UPLOADS_PER_MINUTE_PER_TOKEN="1") as site:
        other = TOKEN.replace(ID, ID[::-1])
        sent = [upload(site, Authorization=TOKEN, X_Address=f"192.0.2.{end}") for end in range(3)]
        assert sent == [200, 200, 429]
        refused = site.ask("POST", "/api/photos", b"photo", Authorization=TOKEN, Origin=ALLOWED)
        check(refused, 429)
        check_cors(refused)
        assert refused.headers["Retry-After"] == "63"
        assert statuses(site, 2, Authorization=other) == [200, 200]
        assert statuses(site, 4) == [200] * 4, "nobody's"


def test_made_up_tokens_do_not_evade_the_limit_of_the_address(certificate):
    with limited(certificate, UPLOADS_PER_MINUTE="2", UPLOADS_PER_MINUTE_PER_TOKEN="600") as site:
        made_up = [f"Bearer pd_{number:012x}_secret" for number in range(4)]
        assert [upload(site, Authorization=text) for text in made_up] == [200] * 3 + [429]


def test_a_refused_upload_is_logged_and_never_reaches_the_worker(certificate):
    with limited(certificate, UPLOADS_PER_MINUTE="1") as site:
        statuses(site, 2)
        site.backend.forget()
        refused = site.ask("POST", "/api/photos", b"photo")
        assert site.logged(refused.headers["X-Request-ID"])["status"] == 429
        assert site.backend.received.empty()
        assert "limiting requests" not in site.error_log()


@contextlib.contextmanager
def held(site, released, count):
    """So many requests under way, each from the address 127.0.0.1."""
    site.backend.replies["/api/held"] = Reply(hold=released)
    with concurrent.futures.ThreadPoolExecutor(count) as requests:
        under_way = [requests.submit(site.ask, "GET", "/api/held") for _ in range(count)]
        for _ in under_way:
            site.backend.next_request()
        try:
            yield
        finally:
            released.set()
        assert [request.result().status for request in under_way] == [200] * count


def check_busy(site, method, path, **headers):
    answer = site.ask(method, path, b"" if method == "POST" else None, Origin=ALLOWED, **headers)
    check(answer, 503)
    check_cors(answer)
    assert answer.headers["Retry-After"] == "2"


REQUESTS = [("GET", "/api/photos"), ("POST", "/api/photos"), ("GET", "/app.js")]


def test_requests_under_way_are_limited_by_address(certificate, released):
    with limited(certificate, CONNECTIONS_PER_ADDRESS="2") as site:
        with held(site, released, 2):
            for method, path in REQUESTS:
                check_busy(site, method, path)
                assert site.ask(method, path, X_Address="127.0.0.2").status == 200
            assert site.ask("OPTIONS", "/api/photos").status == 204
        assert statuses(site, 3) == [200] * 3


def test_requests_under_way_are_limited_in_all(certificate, released):
    with limited(certificate, MAX_CONNECTIONS="2") as site:
        with held(site, released, 2):
            for method, path in REQUESTS:
                check_busy(site, method, path, X_Address="127.0.0.2")
        assert statuses(site, 3) == [200] * 3


def test_0_is_no_limit(certificate, released):
    none = dict.fromkeys(["CONNECTIONS_PER_ADDRESS", "MAX_CONNECTIONS", "UPLOADS_PER_MINUTE"], "0")
    with limited(certificate, **none, UPLOADS_PER_MINUTE_PER_TOKEN="0") as site:
        with held(site, released, 8):
            assert statuses(site, 8, Authorization=TOKEN) == [200] * 8


def test_uploads_in_progress_are_limited_by_address(certificate):
    """Also those whose body is still on its way, however slowly."""
    with limited(certificate, UPLOADS_PER_ADDRESS="3") as site:
        with contextlib.ExitStack() as slow:
            for _ in range(3):
                connection = slow.enter_context(contextlib.closing(site.connect()))
                connection.putrequest("POST", "/api/photos")
                connection.putheader("Content-Length", "1000")
                connection.endheaders(b"the first of a thousand")
            wait_for(lambda: upload(site) == 503, "the slow ones to count")
            check_busy(site, "POST", "/api/photos")
            assert site.ask("GET", "/api/photos").status == 200, "readers are not counted"
            assert statuses(site, 3, X_Address="127.0.0.2") == [200] * 3
            assert statuses(site, 3, X_Address="2001:db8::1") == [200] * 3
        wait_for(lambda: upload(site) == 200, "the end of the slow ones")
