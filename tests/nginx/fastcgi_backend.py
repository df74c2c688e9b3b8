"""A FastCGI responder for tests: what nginx sent is kept, what it gets back is scripted.

It speaks as much of the FastCGI 1.0 specification as nginx uses: one request a connection,
role responder, no multiplexing.
"""

import contextlib
import json
import os
import queue
import socket
import struct
import threading
from dataclasses import dataclass, field

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
HEADER = struct.Struct(">BBHHBx")  # version, type, request id, content length, padding length
LARGEST_CONTENT = 0xFFFF


@dataclass
class Request:
    """One request as nginx passed it on."""

    params: dict[str, str]
    body: bytes
    pool: str  # whose socket it came to

    @property
    def path(self) -> str:
        return self.params["DOCUMENT_URI"]


@dataclass
class Reply:
    """What the backend does with a request: wait for `hold`, send, perhaps leave in the middle."""

    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hold: threading.Event | None = None
    complete: bool = True  # False: close after the body, without END_REQUEST
    silent: bool = False  # True: no output at all

    def output(self) -> bytes:
        if self.silent:
            return b""
        headers = {"Status": self.status, "Content-Type": "application/json", **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return head.encode() + b"\r\n" + self.body


class PoolSocket:
    """The listening socket of one pool; `serve(connection, pool)` runs in a thread of its own."""

    def __init__(self, pool: str, path: str, serve):
        self._pool = pool
        self._path = path
        self._serve = serve
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(64)
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            arguments = (connection, self._pool)
            threading.Thread(target=self._serve, args=arguments, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._acceptor.join()
        self._listener.close()
        os.unlink(self._path)


class FastCgiBackend:
    """Listens on the socket of each pool until closed; a thread for each connection."""

    def __init__(self, path: str):
        self.replies: dict[str, Reply] = {}  # by path; any other path echoes its parameters
        self.received: queue.Queue[Request] = queue.Queue()
        stem = path.removesuffix(".sock")
        self._pools = [
            PoolSocket("api", path, self._serve),
            PoolSocket("upload", f"{stem}-upload.sock", self._serve),
            PoolSocket("thumbnail", f"{stem}-thumbnail.sock", self._serve),
        ]

    def close(self) -> None:
        """Once closed, closing again does nothing."""
        while self._pools:
            self._pools.pop().close()

    def next_request(self) -> Request:
        return self.received.get(timeout=10)

    def forget(self) -> None:
        self.replies.clear()
        with contextlib.suppress(queue.Empty):
            while True:
                self.received.get_nowait()

    def _serve(self, connection: socket.socket, pool: str) -> None:
        # nginx may be gone before the answer is: that is the client's test, not an error here.
        with connection, contextlib.suppress(ConnectionError):
            request = Request(*_read_request(connection.makefile("rb")), pool)
            reply = self.replies.get(request.path) or _echo(request)
            self.received.put(request)
            if reply.hold:
                reply.hold.wait(timeout=30)
            connection.sendall(_records(STDOUT, reply.output()))
            if reply.complete:
                connection.sendall(_records(STDOUT, b"", end=True))
                connection.sendall(_record(END_REQUEST, struct.pack(">IB3x", 0, 0)))


def _echo(request: Request) -> Reply:
    return Reply(body=json.dumps(request.params).encode())


def _read_request(stream) -> tuple[dict[str, str], bytes]:
    contents = {PARAMS: bytearray(), STDIN: bytearray()}
    open_streams = set(contents)
    while open_streams:
        kind, content = _read_record(stream)
        if kind not in contents:
            continue
        contents[kind] += content
        if not content:
            open_streams.discard(kind)
    return dict(_pairs(bytes(contents[PARAMS]))), bytes(contents[STDIN])


def _read_record(stream) -> tuple[int, bytes]:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        raise ConnectionResetError("nginx closed in the middle of a request")
    _, kind, _, length, padding = HEADER.unpack(header)
    return kind, stream.read(length + padding)[:length]


def _pairs(content: bytes):
    position = 0
    while position < len(content):
        name_length, position = _length(content, position)
        value_length, position = _length(content, position)
        name = content[position : position + name_length]
        position += name_length
        value = content[position : position + value_length]
        position += value_length
        yield name.decode("latin-1"), value.decode("latin-1")


def _length(content: bytes, position: int) -> tuple[int, int]:
    if content[position] < 0x80:
        return content[position], position + 1
    return struct.unpack_from(">I", content, position)[0] & 0x7FFFFFFF, position + 4


def _record(kind: int, content: bytes) -> bytes:
    return HEADER.pack(1, kind, 1, len(content), 0) + content


def _records(kind: int, content: bytes, end: bool = False) -> bytes:
    starts = range(0, len(content), LARGEST_CONTENT)
    records = [_record(kind, content[start : start + LARGEST_CONTENT]) for start in starts]
    return b"".join(records) + (_record(kind, b"") if end else b"")
