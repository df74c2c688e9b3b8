"""Fixtures: the site as it is rendered, and one altered so that rare failures are quick."""

import contextlib
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from fastcgi_backend import FastCgiBackend
from nginx_site import NginxSite

# Statuses to be had from the altered site without their reasons.
RETURNED = (400, 404, 405, 408, 412, 413, 414, 429, 500, 501, 503, 505)


@pytest.fixture(scope="session")
def certificate():
    """A self-signed certificate for localhost and its key."""
    with tempfile.TemporaryDirectory(prefix="photodrop-tls-") as folder:
        files = Path(folder, "cert.pem"), Path(folder, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
            + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-addext", "subjectAltName=DNS:localhost"]
            + ["-out", files[0], "-keyout", files[1]],
            check=True,
            capture_output=True,
        )
        yield files


# Of bodies that are in a file, among others.
WARNINGS = {'error.log" error;': 'error.log" warn;'}


@contextlib.contextmanager
def running_site(certificate, **options):
    # Not pytest's tmp_path: a socket's path has to be short, and nothing is to stay behind.
    with tempfile.TemporaryDirectory(prefix="photodrop-nginx-") as folder:
        with contextlib.ExitStack() as stack:
            backend = FastCgiBackend(f"{folder}/worker.sock")
            stack.callback(backend.close)
            site = NginxSite(Path(folder), certificate, backend, **options)
            stack.callback(site.stop)
            yield site


@pytest.fixture(scope="session")
def default_site(certificate):
    with running_site(certificate, edits=WARNINGS) as site:
        yield site


def location_returning(status: int) -> str:
    # nginx closes the connection at a 408 of its own; as another error's page it is sent.
    action = "error_page 418 =408 /_problem; return 418;" if status == 408 else f"return {status};"
    return f"location = /returned/{status} {{ include photodrop-common.conf; {action} }}\n"


@pytest.fixture(scope="session")
def changed_site(certificate):
    edits = {
        "location / {": "".join(map(location_returning, RETURNED)) + "location / {",
        "fastcgi_read_timeout 60s": "fastcgi_read_timeout 1s",
        "client_body_timeout 15s": "client_body_timeout 1s",
        "client_header_timeout 10s": "client_header_timeout 1s",
        **WARNINGS,
    }
    with running_site(certificate, edits=edits, HSTS="on") as site:
        yield site


@pytest.fixture
def site(default_site):
    """The site as it is rendered, before a backend that echoes."""
    default_site.backend.forget()
    yield default_site


@pytest.fixture
def altered_site(changed_site):
    """Timeouts of a second, bodies spooled to disk, HSTS, and /returned/STATUS."""
    changed_site.backend.forget()
    yield changed_site


@pytest.fixture
def two_uploads(certificate):
    """The site when it takes two uploads at once."""
    with running_site(certificate, MAX_UPLOADS="2") as site:
        yield site


@pytest.fixture
def lonely_site(certificate):
    """The site without a worker behind it."""
    with running_site(certificate) as site:
        site.backend.close()
        yield site


@pytest.fixture
def released():
    """An event for replies to wait for; set at the end, so that no thread stays behind."""
    event = threading.Event()
    yield event
    event.set()
