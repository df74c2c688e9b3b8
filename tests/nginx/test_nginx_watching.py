"""/healthz, /readyz and /metrics: for this machine, and the networks that the setting names."""

import pytest
from conftest import running_site
from test_nginx_errors import check

PATHS = ["/healthz", "/readyz", "/metrics"]
# nginx listens on loopback only, so a stranger is one of this machine that is not let in.
CLOSED = {"allow 127.0.0.0/8;": "", "allow ::1;": ""}


@pytest.fixture(scope="module")
def closed_site(certificate):
    with running_site(certificate, edits=CLOSED, METRICS_ALLOW="192.0.2.0/24") as site:
        yield site


@pytest.mark.parametrize("path", PATHS)
def test_a_worker_answers_this_machine(site, path):
    assert site.ask("GET", path).status == 200
    assert site.backend.next_request().path == path


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_told_that_there_is_nothing(closed_site, path):
    check(closed_site.ask("GET", path), 404)
    assert closed_site.backend.received.empty()


def test_the_networks_of_the_setting_are_let_in(certificate):
    networks = "192.0.2.0/24, 127.0.0.1/32,"
    with running_site(certificate, edits=CLOSED, METRICS_ALLOW=networks) as site:
        assert site.ask("GET", "/metrics").status == 200


def test_the_location_behind_them_cannot_be_asked_for(site):
    check(site.ask("GET", "/_watch"), 404)


def test_they_are_not_in_the_access_log(site):
    quiet = site.ask("GET", "/metrics").headers["X-Request-ID"]
    site.logged(site.ask("GET", "/api/photos").headers["X-Request-ID"])
    assert quiet not in [line["request_id"] for line in site.log_lines()]


def test_a_stranger_is(closed_site):
    line = closed_site.logged(closed_site.ask("GET", "/metrics").headers["X-Request-ID"])
    assert (line["path"], line["status"]) == ("/metrics", 404)
