"""An nginx with the rendered configuration on free ports, and the clients that tests ask with."""

import email.message
import email.parser
import email.policy
import http.client
import json
import os
import random
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from fastcgi_backend import FastCgiBackend

ROOT = Path(__file__).resolve().parents[2]
RENDER = ROOT / "scripts" / "render-nginx"
PHOTO_LIMIT = 5 * 1024 * 1024
BODY_LIMIT = PHOTO_LIMIT + 1024 * 1024
ALLOWED = "http://localhost:5173"
PATIENCE = 10  # seconds until a condition that should come true is given up


@dataclass
class Answer:
    status: int
    headers: email.message.Message
    body: bytes
    version: str = "HTTP/1.1"
    exit_status: int = 0  # curl's: not 0 when the answer did not arrive whole

    def json(self):
        return json.loads(self.body)


def wait_for(condition, what: str):
    """Polls until `condition` gives something true and returns that."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.01)
    raise AssertionError(f"{what} did not happen within {PATIENCE} s")


def settings(folder: Path, **changes: str | None) -> dict[str, str]:
    """A complete environment for render-nginx; None takes a setting away."""
    values = {
        "PATH": os.environ["PATH"],
        "HTTP_PORT": "20080",
        "HTTPS_PORT": "20443",
        "LISTEN_SOCKET": str(folder / "worker.sock"),
        "TLS_CERT": str(folder / "cert.pem"),
        "TLS_KEY": str(folder / "key.pem"),
        "RUN_DIR": str(folder),
        "CORS_ORIGINS": f"https://app.example, {ALLOWED}",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def render(out: Path, environment: dict[str, str], *flags: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [RENDER, *flags, out], env=environment, capture_output=True, text=True, check=False
    )


class NginxSite:
    """Runs until stopped. `edits` are replacements in the rendered files, for what only a test
    wants: shorter timeouts, locations that fail on purpose."""

    def __init__(
        self,
        folder: Path,
        certificate: tuple[Path, Path],
        backend: FastCgiBackend,
        edits: dict[str, str] | None = None,
        **changes: str,
    ):
        self.folder = folder
        self.backend = backend
        self.certificate = certificate[0]
        self._edits = edits or {}
        self._changes = {
            "TLS_CERT": str(certificate[0]),
            "TLS_KEY": str(certificate[1]),
            **changes,
        }
        for _ in range(5):  # another program may take a port between the choice and its use
            if self._start():
                return
        raise AssertionError(f"nginx does not start: {self.error_log()}")

    def _start(self) -> bool:
        self.port, self.tls_port = _free_ports(2)
        ports = {"HTTP_PORT": str(self.port), "HTTPS_PORT": str(self.tls_port)}
        environment = settings(self.folder, **self._changes, **ports)
        render(self.folder / "conf", environment).check_returncode()
        self._edit()
        log = self.folder / "log" / "error.log"
        command = ["nginx", "-e", log, "-c", self.folder / "conf" / "nginx.conf"]
        self._process = subprocess.Popen([*command, "-g", "daemon off;"])
        try:
            return wait_for(lambda: self._ended() or self._listens(), "its start") == "listening"
        except BaseException:
            self.stop()
            raise

    def _edit(self) -> None:
        remaining = dict(self._edits)
        for file in (self.folder / "conf").iterdir():
            text = file.read_text()
            for old in [old for old in remaining if old in text]:
                text = text.replace(old, remaining.pop(old))
            file.write_text(text)
        assert not remaining, f"not in the rendered files: {remaining}"

    def _listens(self) -> str:
        with socket.socket() as probe:
            return "" if probe.connect_ex(("127.0.0.1", self.tls_port)) else "listening"

    def _ended(self) -> str:
        return "" if self._process.poll() is None else "ended"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)

    def error_log(self) -> str:
        return (self.folder / "log" / "error.log").read_text()

    def log_lines(self) -> list[dict]:
        return [json.loads(line) for line in (self.folder / "log" / "access.log").open()]

    def logged(self, request_id: str) -> dict:
        """The access log's line for a request; nginx writes it after the answer."""

        def matching():
            return [line for line in self.log_lines() if line["request_id"] == request_id]

        return wait_for(matching, "the line in the access log")[0]

    def ask(self, method: str, path: str, body=None, tls=False, **headers: str) -> Answer:
        """One request over HTTP/1.1. Headers are written with underscores for hyphens; a body
        that is an iterator goes out chunked."""
        connection = self.connect(tls)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            chunked = body is not None and not isinstance(body, bytes)
            connection.request(method, path, body, names, encode_chunked=chunked)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def connect(self, tls=False) -> http.client.HTTPConnection:
        if not tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        context = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection(
            "localhost", self.tls_port, timeout=PATIENCE, context=context
        )

    def send_raw(self, data: bytes, tls_port=False) -> Answer:
        """Exactly these bytes, in plain text, and the answer to them."""
        port = self.tls_port if tls_port else self.port
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return Answer(response.status, response.headers, response.read())

    def curl(self, path: str, *arguments: str) -> Answer:
        """One request over TLS and HTTP/2. Without an answer the status is 0."""
        url = f"https://localhost:{self.tls_port}{path}"
        always = ["curl", "-sS", "-i", "--noproxy", "*", "--http2", "--cacert", self.certificate]
        done = subprocess.run(
            [*always, "-H", "Expect:", *arguments, url],
            capture_output=True,
            check=False,
            timeout=30,
        )
        if not done.stdout:
            return Answer(0, email.message.Message(), b"", "", done.returncode)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        status_line, _, fields = head.partition(b"\r\n")
        version, status = status_line.decode().split()[:2]
        headers = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(fields)
        return Answer(int(status), headers, body, version, done.returncode)


def _free_ports(count: int) -> list[int]:
    """Below the range from which the kernel takes the ports of outgoing connections."""
    ports: list[int] = []
    while len(ports) < count:
        port = random.randrange(20001, 32000)
        with socket.socket() as probe:
            if port not in ports and probe.connect_ex(("127.0.0.1", port)) != 0:
                ports.append(port)
    return ports
