"""A decoder that dies, hangs, swells or lies costs one thumbnail, and never a worker."""

import concurrent.futures
import contextlib
import json
import pathlib
import struct
import subprocess
import zlib

import pytest

import thumbnails
from images import FORMATS, png_chunk
from launch import pools
from stack import wait_until
from thumbnails import get


@pytest.fixture
def photo(stack):
    with thumbnails.photos_of_a_test(stack) as make:
        yield make


@contextlib.contextmanager
def decoder(own, script):
    """In the place of photodrop-thumbnail."""
    program = own.program.with_name("photodrop-thumbnail")
    true_one = program.read_bytes()
    try:
        replace(program, f"#!/bin/sh\n{script}\n".encode())
        yield
    finally:
        replace(program, true_one)


def replace(program, content):
    """By another file: the one that is there may be running."""
    new = program.with_name("new")
    new.write_bytes(content)
    new.chmod(0o755)
    new.rename(program)


BAD_DECODERS = {
    "dies": ("kill -SEGV $$", "signal 11"),
    "fails": ("cat >/dev/null; exit 1", "exit status 1"),
    "talks without end": ("exec yes", "too much output"),
}


@pytest.fixture(scope="module")
def served(spare):
    with spare.serving(**pools(2, 2, 2)):
        yield spare.stack


@pytest.mark.parametrize("fault", BAD_DECODERS)
def test_a_decoder_that_misbehaves_costs_one_thumbnail(spare, served, photo, fault):
    script, cause = BAD_DECODERS[fault]
    kept = photo(FORMATS["png"], "image/png")
    workers = served.workers()
    with decoder(spare, script):
        served.assert_problem(get(served, kept), 404, "no-thumbnail")
        served.assert_problem(get(served, kept), 404, "no-thumbnail")
    causes = [line["cause"] for line in served_lines(spare) if line["event"] == "no thumbnail"]
    assert causes[-1] == cause and causes.count(cause) == 1
    assert get(served, kept, w=320).status_code == 200
    assert served.workers() == workers


def served_lines(spare):
    return [json.loads(line) for line in spare.served_log().splitlines() if line.startswith("{")]


def test_what_is_no_thumbnail_is_not_stored(spare, served, photo):
    kept = photo(FORMATS["png"], "image/png")
    before = served.keys()
    with decoder(spare, "echo '<script>alert(1)</script>'"):
        served.assert_problem(get(served, kept), 404, "no-thumbnail")
    assert served.keys() == before


def test_a_decoder_that_hangs_is_ended(spare, served, photo):
    kept = photo(FORMATS["png"], "image/png")
    with decoder(spare, "exec sleep 600"), concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(get, served, kept)
        hung = wait_until(lambda: children(served), "the decoder")
        answer = waiting.result(timeout=60)
    served.assert_problem(answer, 404, "no-thumbnail")
    assert not any(pathlib.Path(f"/proc/{pid}").exists() for pid in hung)


def children(stack):
    """What the workers have started."""
    paths = [pathlib.Path(f"/proc/{pid}/task/{pid}/children") for pid in stack.workers()]
    return [pid for path in paths for pid in path.read_text().split()]


# Of each pass over an interlaced PNG: the first column and row, and the steps to the next ones.
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def interlaced_png(side):
    """Nothing, in 16 bits of four channels: who decodes it holds eight bytes a pixel."""
    squeeze = zlib.compressobj(1)
    data = b""
    for x, y, right, down in ADAM7:
        row = bytes(1 + 8 * len(range(x, side, right)))
        data += b"".join(squeeze.compress(row) for _ in range(y, side, down))
    header = struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 1)
    chunks = (b"IHDR", header), (b"IDAT", data + squeeze.flush()), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


@pytest.mark.parametrize("side, status", [(1000, 0), (9000, 1)])
def test_a_decoder_that_swells_is_stopped(stack, side, status):
    program = stack.program().with_name("photodrop-thumbnail")
    image = interlaced_png(side)
    done = subprocess.run([program, "640"], input=image, capture_output=True, timeout=60)
    assert done.returncode == status, done.stderr
    assert bool(done.stdout) == (status == 0)
