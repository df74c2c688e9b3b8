"""TLS as Mozilla's intermediate profile has it, and the addresses that nginx listens on."""

import contextlib
import http.client
import socket
import ssl

import pytest

TLS_1_1, TLS_1_2, TLS_1_3 = (
    ssl.TLSVersion.TLSv1_1,
    ssl.TLSVersion.TLSv1_2,
    ssl.TLSVersion.TLSv1_3,
)


def context(site, version) -> ssl.SSLContext:
    """A client of one version, which itself would take any cipher."""
    made = ssl.create_default_context(cafile=site.certificate)
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.minimum_version = made.maximum_version = version
    return made


@contextlib.contextmanager
def connected(site, client: ssl.SSLContext, session=None):
    with socket.create_connection(("localhost", site.tls_port), timeout=10) as plain:
        with client.wrap_socket(plain, server_hostname="localhost", session=session) as secure:
            yield secure


@pytest.mark.parametrize(("version", "name"), [(TLS_1_2, "TLSv1.2"), (TLS_1_3, "TLSv1.3")])
def test_tls_1_2_and_1_3_are_spoken(site, version, name):
    with connected(site, context(site, version)) as secure:
        assert secure.version() == name


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_1_1_is_refused(site):
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        with connected(site, context(site, TLS_1_1)):
            pass


def test_a_cipher_without_authenticated_encryption_is_refused(site):
    client = context(site, TLS_1_2)
    client.set_ciphers("ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        with connected(site, client):
            pass


def test_a_session_is_resumed_from_the_servers_cache_and_not_from_a_ticket(site):
    client = context(site, TLS_1_2)
    with connected(site, client) as first:
        session = first.session
        assert not session.has_ticket
    with connected(site, client, session) as second:
        assert second.session_reused


def test_http_2_is_chosen_where_the_client_offers_it(site):
    for offered in (["h2", "http/1.1"], ["http/1.1"]):
        client = context(site, TLS_1_3)
        client.set_alpn_protocols(offered)
        with connected(site, client) as secure:
            assert secure.selected_alpn_protocol() == offered[0]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_both_loopback_addresses_are_served(site, address):
    if address == "::1" and not has_ipv6_loopback():
        pytest.skip("this machine has no IPv6")
    connection = http.client.HTTPConnection(address, site.port, timeout=10)
    connection.request("GET", "/api/photos")
    assert connection.getresponse().status == 200
    connection.close()
    with socket.create_connection((address, site.tls_port), timeout=10):
        pass


def has_ipv6_loopback() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False
