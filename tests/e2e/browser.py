"""A real browser on pages of ours: Debian's Chromium without a window, and their server."""

import contextlib
import http.server
import json
import os
import pathlib
import queue
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.parse

import images
from stack import ORIGIN, wait_until

CHROMIUM = "/usr/bin/chromium"
OPTIONS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-breakpad", "--no-first-run"),
    "--no-proxy-server",
]
PAGE = pathlib.Path(__file__).with_name("page.html").read_bytes()
SECONDS = 30  # for Chromium to start, load a page and run it


class Browser:
    """One tab that goes from page to page, each loaded for one script."""

    def __init__(self, allowed_url, other_url):
        self.allowed_url = allowed_url
        self.other_url = other_url
        self.script = ""
        self.hung = False
        self.addresses = queue.Queue()  # of the pages to go to
        self.reports = queue.Queue()

    def on_allowed_page(self, script):
        """What `script` returns on a page of the origin that the service allows.

        It is the body of an async function, may fetch /cat.jpg, and fails the test by throwing.
        """
        return self._run(self.allowed_url, script)

    def on_other_page(self, script):
        """The same on a page whose origin the service does not know."""
        return self._run(self.other_url, script)

    def _run(self, url, script):
        assert not self.hung, "the browser hangs since a test before"
        self.script = script
        self.addresses.put(url + "/test")
        try:
            report = self.reports.get(timeout=SECONDS)
        except queue.Empty:
            self.hung = True
            raise AssertionError(f"the page did not report in {SECONDS} s") from None
        assert "thrown" not in report, report["thrown"]
        return report["returned"]

    def files(self):
        module = "export default async () => {\n%s\n};\n" % self.script
        return {
            "/": ("text/html", PAGE),
            "/test": ("text/html", PAGE),
            "/test.js": ("text/javascript; charset=utf-8", module.encode()),
            "/cat.jpg": ("image/jpeg", images.JPEG),
        }


class PageHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/next":
            self.answer(200, "text/plain", self.server.browser.addresses.get().encode())
            return
        missing = ("text/plain", b"")
        content_type, content = self.server.browser.files().get(self.path, missing)
        self.answer(200 if content else 404, content_type, content)

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.server.browser.reports.put(json.loads(self.rfile.read(size)))
        self.answer(200, "text/plain", b"")

    def answer(self, status, content_type, content):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a browser that is gone wants no answer
            self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def running():
    """A Browser that is up and waits for its first page."""
    port = urllib.parse.urlsplit(ORIGIN).port
    assert_free(port)
    with page_server(port) as allowed, page_server(0) as other:
        browser = Browser(ORIGIN, f"http://127.0.0.1:{other.server_port}")
        allowed.browser = other.browser = browser
        with chromium(browser.allowed_url):
            yield browser


@contextlib.contextmanager
def page_server(port):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), PageHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def assert_free(port):
    """On every address of localhost: the browser tries them all."""
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(("localhost", port), timeout=5).close()
        raise AssertionError(f"port {port}, the only one these tests can use, is taken")


@contextlib.contextmanager
def chromium(url):
    """Chromium at `url`, with a new profile."""
    assert os.path.exists(CHROMIUM), f"{CHROMIUM} is missing: install the package chromium"
    with tempfile.TemporaryDirectory(prefix="photodrop-chromium-") as profile:
        process = subprocess.Popen(
            [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", url],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "HOME": profile, "TMPDIR": profile},
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            wait_until(lambda: is_gone(process.pid), "Chromium's processes to end")


def is_gone(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
