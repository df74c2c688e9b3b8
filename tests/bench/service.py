"""The service under measurement: a stack of its own, and the processes that it is made of."""

import contextlib
import http.client
import threading
import time
import urllib.parse

import launch
import photos
import processes
from stack import wait_until

START_LIMIT = 30  # seconds
NO_WORKER_IS_REPLACED = {"WORKER_MAX_REQUESTS": "0"}  # it would hide what grows


class Service:
    """Everything as scripts/run has it, but for a supervisor that is started anew at will."""

    def __init__(self, program):
        self.own = launch.OwnStack(program)
        self._serving = contextlib.ExitStack()
        self._supervisor = None
        self.stack = None

    def start(self, **settings):
        self.stack = self.own.start(**NO_WORKER_IS_REPLACED, **settings)
        self.own.take_supervisor()
        self._serve()

    def close(self):
        self._serving.close()
        self.own.close()

    def _serve(self, **settings):
        self._serving.close()
        self._supervisor = self._serving.enter_context(self.own.serving(**settings))

    @contextlib.contextmanager
    def with_settings(self, **settings):
        """Serves with these beside its own, and without them afterwards."""
        self._serve(**settings)
        try:
            yield
        finally:
            self._serve()

    def seconds_to_first_answer(self):
        """Ends the supervisor, starts it anew and looks when nginx first answers with a list."""
        self._serving.close()
        answer = FirstAnswer(self.url)
        try:
            began = time.monotonic()
            self._serve()
        finally:
            answer.wait()
        return answer.at - began

    # Where it is.

    @property
    def url(self):
        return self.stack.photos_url

    @property
    def https_url(self):
        return self.stack.https_url + "/api/photos"

    @property
    def health_url(self):
        return self.stack.http_url + "/healthz"

    @property
    def database(self):
        return self.stack.env["DATABASE_URL"]

    # Its processes, looked up whenever they are asked for: workers come and go.

    def workers(self):
        """With the supervisor."""
        return processes.tree(self._supervisor.pid)

    def nginx(self):
        return self._tree_of("nginx/nginx.pid")

    def front(self):
        """What an upload costs the host: nginx, supervisor and workers."""
        return self.nginx() + self.workers()

    def postgres(self):
        return self._tree_of("postgres/data/postmaster.pid")

    def ceph(self):
        files = (self.stack.run_dir / "s3" / "run").glob("*.pid")
        return [int(file.read_text()) for file in files]

    def _tree_of(self, file):
        lines = (self.stack.run_dir / file).read_text().split()
        return processes.tree(int(lines[0]))

    def settle(self):
        """Returns when no upload is under way any more."""
        pending = "SELECT 1 FROM photos WHERE state = 'pending'"
        wait_until(lambda: not self.stack.rows(pending), "the last uploads", 60)

    def count(self):
        self.settle()
        return photos.stored(self.database)


class FirstAnswer:
    """Asks again and again, in the background, until the answer is 200; `at` says when it was."""

    def __init__(self, url):
        place = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname, place.port, timeout=5)
        self._path = place.path + "?limit=1"
        self._limit = time.monotonic() + START_LIMIT
        self.at = None
        assert not self._answers(), "nobody should answer yet"
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self):
        while self.at is None and time.monotonic() < self._limit:
            if self._answers():
                self.at = time.monotonic()
            else:
                time.sleep(0.001)

    def _answers(self):
        self._connection.request("GET", self._path)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status == 200

    def wait(self):
        self._thread.join()
        self._connection.close()
        assert self.at is not None, f"no answer within {START_LIMIT} s"
