"""An S3 endpoint that fails as a test tells it to, and else passes everything to the real store.

A request is passed on byte by byte: its signature covers the Host header, which names the proxy,
and the store believes it.
"""

import contextlib
import http.client
import io
import socket
import socketserver
import struct
import threading
import time
import urllib.parse

SMALL = 64 * 1024  # bytes on their way, so that the client cannot send a large body blindly


class Exchange:
    """One request, and the means to answer it in whatever way."""

    def __init__(self, client, reader, head, store):
        self.head = head
        self.method = head.split(b" ", 1)[0].decode()
        self._client = client
        self._reader = reader
        self._store = store
        self._body = None

    def read_body(self):
        if self._body is None:
            headers = http.client.parse_headers(io.BytesIO(self.head.split(b"\r\n", 1)[1]))
            self._body = self._reader.read(int(headers.get("Content-Length", 0)))
        return self._body

    def stored(self):
        """The real store's whole answer to this request."""
        with socket.create_connection(self._store) as store:
            store.sendall(self.head + self.read_body())
            answer = http.client.HTTPResponse(store, method=self.method)
            answer.begin()
            lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
            lines += [f"{name}: {value}" for name, value in answer.getheaders()]
            body = answer.read()
            if answer.chunked:
                lines = [line for line in lines if not line.startswith("Transfer-Encoding:")]
                lines.append(f"Content-Length: {len(body)}")
            return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def send(self, answer):
        self._client.sendall(answer)

    def reset(self):
        """The client gets a RST instead of whatever was still to come."""
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._client.close()

    def wait_for_client_to_leave(self):
        with contextlib.suppress(OSError):
            self._reader.read(1)


# The faults. What they return says whether the connection goes on.


def passing(exchange):
    exchange.send(exchange.stored())
    return True


def answering(status, code, *headers):
    """The fault of a store that answers with this error, and has stored nothing."""
    document = f"<Error><Code>{code}</Code><Message>As told.</Message></Error>".encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/xml", *headers]
    head = "\r\n".join([*lines, f"Content-Length: {len(document)}"]).encode()

    def answer(exchange):
        exchange.read_body()
        exchange.send(head + b"\r\n\r\n" + document)
        return True

    return answer


def resetting_at_once(exchange):
    exchange.reset()
    return False


def resetting_after_the_body(exchange):
    exchange.read_body()
    exchange.reset()
    return False


def hanging(exchange):
    exchange.read_body()
    exchange.wait_for_client_to_leave()
    return False


def answering_after(seconds):
    """A store that is far away: so long for each round trip."""

    def answer(exchange):
        answer = exchange.stored()
        time.sleep(seconds)
        exchange.send(answer)
        return True

    return answer


def trickling(exchange):
    """The store's answer without an end, a kilobyte a second."""
    exchange.read_body()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        exchange.send(bytes(100))
        time.sleep(0.1)


def answering_half(exchange):
    """A promise of more bytes than come; nothing is stored."""
    exchange.read_body()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Half")
    return False


def answering_half_a_head(exchange):
    exchange.read_body()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-")
    return False


def storing_and_dropping(exchange):
    exchange.stored()
    exchange.reset()
    return False


def delaying(held):
    """The client is cut off, and the request is the test's to pass on, by held[n].stored()."""

    def hold(exchange):
        held.append(exchange)
        return resetting_after_the_body(exchange)

    return hold


class FaultProxy(socketserver.ThreadingTCPServer):
    """Lets the requests of one method fail, each by the next of the faults until there are no more.

    `times` has the moment at which each of those requests came.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, store_url, method, faults):
        store = urllib.parse.urlsplit(store_url)
        self.store = (store.hostname, store.port)
        self.method = method
        self.times = []
        self._faults = iter(faults)
        super().__init__(("127.0.0.1", 0), Connection)

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        super().server_bind()

    @property
    def url(self):
        return f"http://localhost:{self.server_address[1]}"

    def fault_for(self, exchange):
        if exchange.method != self.method:
            return passing
        self.times.append(time.monotonic())
        return next(self._faults, passing)


class Connection(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):  # the client is gone
            while head := self.read_head():
                exchange = Exchange(self.connection, self.rfile, head, self.server.store)
                if not self.server.fault_for(exchange)(exchange):
                    return

    def read_head(self):
        lines = []
        while lines[-1:] != [b"\r\n"]:
            line = self.rfile.readline()
            if not line:
                return b""
            lines.append(line)
        return b"".join(lines)


@contextlib.contextmanager
def failing(store_url, *faults, method="PUT"):
    """A proxy in front of the store whose requests of that method meet these faults."""
    with FaultProxy(store_url, method, faults) as proxy:
        server = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        server.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            server.join()
