"""Somebody who keeps asking for a few addresses while a test slows a part down."""

import concurrent.futures
import contextlib
import threading
import time
from dataclasses import dataclass

import requests

PAUSE = 0.1  # seconds between two requests for one address


@dataclass
class Seen:
    path: str
    began: float  # time.monotonic()
    seconds: float
    status: int


class Watcher:
    def __init__(self, stack, paths):
        self.stack = stack
        self.paths = paths
        self.seen = []
        self.enough = threading.Event()

    def watch(self, path):
        with requests.Session() as session:
            while not self.enough.wait(PAUSE):
                began = time.monotonic()
                status = session.get(self.stack.http_url + path, timeout=70).status_code
                self.seen.append(Seen(path, began, time.monotonic() - began, status))

    def between(self, start, end, path=None):
        """What was asked for after `start` and answered before `end`."""
        return [
            seen
            for seen in self.seen
            if seen.began >= start
            and seen.began + seen.seconds <= end
            and path in (None, seen.path)
        ]


@contextlib.contextmanager
def watching(stack, *paths):
    watcher = Watcher(stack, paths)
    with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
        watches = [pool.submit(watcher.watch, path) for path in paths]
        try:
            yield watcher
        finally:
            watcher.enough.set()
    for watch in watches:
        watch.result()
