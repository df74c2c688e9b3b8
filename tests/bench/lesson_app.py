"""The app of the lesson, on a database of its own beside the service's, and in the same bucket."""

import os
import pathlib
import signal
import subprocess
import sys
import urllib.parse

import psycopg2
import requests

import launch
import photos
import processes
from stack import wait_until

FOLDER = pathlib.Path(__file__).parent / "lesson"
SETTINGS = ("S3_ENDPOINT_URL", "BUCKET_NAME", "AWS_ACCESS_KEY", "AWS_SECRET_KEY")
WORKERS = 2


class LessonApp:
    def __init__(self, stack, log, name="lesson", **settings):
        self._environment = {
            **{name: stack.env[name] for name in SETTINGS},
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_URL": make_database(stack.env["DATABASE_URL"], name),
            **settings,
        }
        self.database = self._environment["DATABASE_URL"]
        port = launch.free_port()
        self.url = f"http://127.0.0.1:{port}/api/photos"
        self._log = log
        self._run("-c", "import app; app.make_table()").wait()
        self._process = self._run(
            *["-m", "uvicorn", "app:app", "--workers", str(WORKERS), "--port", str(port)]
        )

    def _run(self, *arguments):
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=FOLDER,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for_answer(self):
        def answers():
            assert self._process.poll() is None, self._log.read_text()
            try:
                return requests.get(self.url, timeout=5).ok
            except requests.ConnectionError:
                return False

        wait_until(answers, "the lesson's app")

    def processes(self):
        return processes.tree(self._process.pid)

    def count(self):
        return photos.stored(self.database)

    def close(self):
        """With its workers, which uvicorn leaves behind when it is killed."""
        family = self.processes()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            for pid in family:
                os.kill(pid, signal.SIGKILL)
            self._process.wait()


def make_database(url, name):
    """Makes a database of that name on the same server, and returns its URL."""
    connection = psycopg2.connect(url)
    connection.autocommit = True  # PostgreSQL makes none within a transaction
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(url)._replace(path=f"/{name}"))
