"""A long line to a store: whatever is sent arrives half a round trip later, on each way.

A program of its own, so that it takes turns with nothing in the benchmark's process.
"""

import argparse
import asyncio
import contextlib
import subprocess
import sys
import urllib.parse

PIECE = 1 << 18  # bytes


async def carry(reader, writer, delay):
    """In order, each piece `delay` seconds after it came."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue(64)

    async def deliver():
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not piece:
                return
            writer.write(piece)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    with contextlib.suppress(ConnectionError):
        while True:
            piece = await reader.read(PIECE)
            await pieces.put((loop.time() + delay, piece))
            if not piece:
                break
        await delivery
    delivery.cancel()
    writer.close()


async def serve(host, port, delay):
    async def connect(reader, writer):
        store_reader, store_writer = await asyncio.open_connection(host, port)
        ways = carry(reader, store_writer, delay), carry(store_reader, writer, delay)
        await asyncio.gather(*ways)

    server = await asyncio.start_server(connect, "127.0.0.1", 0, limit=PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def far_line(store_url, round_trip):
    """Yields the URL by which the store is so many seconds away."""
    store = urllib.parse.urlsplit(store_url)
    command = [sys.executable, __file__, store.hostname, str(store.port), str(round_trip / 2)]
    line = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://localhost:{int(line.stdout.readline())}"
    finally:
        line.terminate()
        line.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("delay", type=float)
    given = parser.parse_args()
    asyncio.run(serve(given.host, given.port, given.delay))
