"""Behind a load balancer or a CDN: whose word nginx takes for the client's address."""

import socket
import struct

import pytest
from conftest import running_site
from nginx_site import PATIENCE, render, settings
from test_nginx_limits import statuses
from test_nginx_watching import CLOSED

CLIENT = "192.0.2.7"


def remote_address(site, **headers):
    answer = site.ask("GET", "/api/photos", **headers)
    logged = site.logged(answer.headers["X-Request-ID"])["remote_addr"]
    assert site.backend.next_request().params["REMOTE_ADDR"] == logged
    return logged


@pytest.fixture(scope="module")
def trusting(certificate):
    proxies = "127.0.0.0/8, ::1, 203.0.113.0/24"
    with running_site(
        certificate,
        edits=CLOSED,
        TRUSTED_PROXIES=proxies,
        METRICS_ALLOW="192.0.2.0/24",
        UPLOADS_PER_MINUTE="1",
    ) as site:
        yield site


@pytest.mark.parametrize(
    ("header", "address"),
    [
        (CLIENT, CLIENT),
        (f"198.51.100.1, {CLIENT}", CLIENT),  # the first is what the client itself has claimed
        (f"{CLIENT}, 203.0.113.9", CLIENT),  # by way of two proxies that are trusted
        ("2001:db8::7", "2001:db8::7"),
        ("nonsense", "127.0.0.1"),
    ],
)
def test_a_trusted_proxy_names_the_client(trusting, header, address):
    assert remote_address(trusting, X_Forwarded_For=header) == address


def test_limits_and_watchers_go_by_the_client_that_it_names(trusting):
    for address in ("198.51.100.20", "198.51.100.21", "2001:db8:1::1"):
        assert statuses(trusting, 3, X_Forwarded_For=address) == [200, 200, 429], address
    assert statuses(trusting, 1, X_Forwarded_For="2001:db8:1::2") == [429]
    assert trusting.ask("GET", "/healthz", X_Forwarded_For=CLIENT).status == 200
    assert trusting.ask("GET", "/healthz", X_Forwarded_For="198.51.100.22").status == 404
    assert trusting.ask("GET", "/healthz").status == 404


def test_from_anyone_else_the_header_is_ignored(certificate):
    with running_site(certificate, TRUSTED_PROXIES="203.0.113.0/24") as site:
        assert remote_address(site, X_Forwarded_For=CLIENT) == "127.0.0.1"


def test_by_default_nobody_is_trusted(site):
    assert remote_address(site, X_Forwarded_For=CLIENT) == "127.0.0.1"


V1 = f"PROXY TCP4 {CLIENT} 192.0.2.1 50000 443\r\n".encode()
V2 = b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(
    "!BBH4s4sHH", 0x21, 0x11, 12, socket.inet_aton(CLIENT), socket.inet_aton("192.0.2.1"), 50000, 443
)
REQUEST = b"GET /api/photos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.fixture(scope="module", params=[("127.0.0.0/8", CLIENT), ("203.0.113.0/24", "127.0.0.1")])
def proxied(request, certificate):
    """A site behind a proxy that speaks the PROXY protocol, and whom it takes for the client."""
    trusted, address = request.param
    with running_site(certificate, TRUSTED_PROXIES=trusted, PROXY_PROTOCOL="on") as site:
        yield site, address


@pytest.mark.parametrize("line", [V1, V2], ids=["v1", "v2"])
def test_the_proxy_protocol_names_the_client_where_it_is_trusted(proxied, line):
    site, address = proxied
    site.send_raw(line + REQUEST + b"X-Forwarded-For: 198.51.100.1\r\n\r\n")
    assert site.backend.next_request().params["REMOTE_ADDR"] == address


def test_a_connection_without_the_proxy_protocol_is_closed(proxied):
    site, _ = proxied
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(REQUEST + b"\r\n")
        assert connection.recv(1) == b""
    assert site.backend.received.empty()


@pytest.mark.parametrize("networks", ["everyone", "10.0.0.0/33", "192.0.2.1;"])
def test_what_is_no_network_is_refused(tmp_path, networks):
    done = render(tmp_path / "out", settings(tmp_path, TRUSTED_PROXIES=networks))
    assert done.returncode == 2
    assert "TRUSTED_PROXIES must list networks like" in done.stderr


def test_the_proxy_protocol_needs_somebody_to_trust(tmp_path):
    done = render(tmp_path / "out", settings(tmp_path, PROXY_PROTOCOL="on"))
    assert done.returncode == 2
    assert "PROXY_PROTOCOL=on needs TRUSTED_PROXIES" in done.stderr
