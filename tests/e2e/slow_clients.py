"""Clients that upload a byte a second, each from an address of its own or all from one.

All of 127.0.0.0/8 is this machine, so that a test has as many addresses as it wants.
"""

import asyncio
import contextlib
import resource
import threading
import urllib.parse

LENGTH = 100_000  # bytes that each has promised
PAUSE = 1  # seconds between two bytes
FILES = 8192  # open ones that this takes


class SlowClients:
    """Runs in a thread of its own until stopped."""

    def __init__(self, stack, addresses):
        place = urllib.parse.urlsplit(stack.http_url)
        self._port = place.port
        self._addresses = addresses
        self._stop = threading.Event()
        self.sending = 0  # that nginx has neither refused nor cut off
        self.refused = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        self._thread.join()

    async def _run(self):
        await asyncio.gather(*map(self._upload, self._addresses))

    async def _upload(self, address):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(address, 0)
        )
        head = "POST /api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
        writer.write(f"{head}Content-Length: {LENGTH}\r\n\r\n".encode())
        self.sending += 1
        answer = asyncio.create_task(reader.read(1))
        with contextlib.suppress(ConnectionError):
            while not self._stop.is_set() and not answer.done():
                writer.write(b"x")
                await writer.drain()
                await asyncio.wait([answer], timeout=PAUSE)
        if answer.done():
            self.sending -= 1
            self.refused += 1
        answer.cancel()
        writer.close()


@contextlib.contextmanager
def slow_clients(stack, addresses):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, FILES), hard), hard))
    clients = SlowClients(stack, addresses)
    clients.start()
    try:
        yield clients
    finally:
        clients.stop()


def one_address(count):
    return ["127.1.0.1"] * count


def many_addresses(count):
    return [f"127.2.{number // 250}.{number % 250 + 1}" for number in range(count)]
