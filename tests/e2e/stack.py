"""The running stack as the tests see it: what `scripts/run --detach` started in $RUN_DIR."""

import contextlib
import json
import os
import pathlib
import shlex
import signal
import subprocess
import time
import urllib.parse

import botocore.session
import psycopg2
import requests

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
ORIGIN = "http://localhost:5173"  # the default of CORS_ORIGINS


def wait_until(condition, what, seconds=30):
    """Polls until condition() is true and returns its value; fails naming `what`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


SANITIZER_WORDS = ("AddressSanitizer", "LeakSanitizer", "runtime error:")


def sanitizer_complaints(log):
    """The lines of a log by which a sanitizer says that it has found a fault."""
    return [line for line in log.splitlines() if any(word in line for word in SANITIZER_WORDS)]


def ask_database(url, sql, *parameters):
    """What the statement answers, as a list of rows; it is committed."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def line_about(stack, name, answer, **fields):
    """The one line of that log about this answer that has these fields; it may come a moment after
    the answer."""
    wanted = {"request_id": answer.headers["X-Request-ID"], **fields}

    def found():
        return [line for line in stack.log_lines(name) if wanted.items() <= line.items()]

    (line,) = wait_until(found, f"{name} to tell of {wanted}")
    return line


class Stack:
    def __init__(self, run_dir):
        self.run_dir = pathlib.Path(run_dir)
        lines = shlex.split((self.run_dir / "env").read_text(), comments=True)
        self.env = dict(line.split("=", 1) for line in lines if "=" in line)
        self.http_url = self.env["HTTP_URL"]
        self.https_url = self.env["HTTPS_URL"]
        self.ca_cert = self.env["CA_CERT"]
        self.bucket = self.env["BUCKET_NAME"]
        self.photos_url = self.http_url + "/api/photos"
        self._store = None

    # The service from outside.

    def post(self, content, filename="photo.jpg", content_type="image/jpeg", **more):
        """Uploads as a form the way browsers do; `more` goes to requests.post."""
        headers = {"Origin": ORIGIN, **more.pop("headers", {})}
        files = {"photo": (filename, content, content_type)}
        return requests.post(self.photos_url, files=files, headers=headers, timeout=60, **more)

    def list(self, **query):
        answer = requests.get(self.photos_url, params=query, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    # The service from inside.

    def rows(self, sql="SELECT id, photo_name, state FROM photos ORDER BY id", *parameters):
        return ask_database(self.env["DATABASE_URL"], sql, *parameters)

    def store(self):
        """A client of the S3 store that knows nothing of ours; slow to make, so kept."""
        if self._store is None:
            self._store = botocore.session.get_session().create_client(
                "s3",
                region_name="us-east-1",
                endpoint_url=self.env["S3_ENDPOINT_URL"],
                aws_access_key_id=self.env["AWS_ACCESS_KEY"],
                aws_secret_access_key=self.env["AWS_SECRET_KEY"],
            )
        return self._store

    def keys(self):
        """Every key in the bucket."""
        pages = self.store().get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {item["Key"] for page in pages for item in page.get("Contents", [])}

    def log(self):
        return (self.run_dir / "log" / "photodrop.log").read_text(errors="replace")

    def log_lines(self, name="photodrop.log"):
        """The lines of that log that are JSON."""
        text = (self.run_dir / "log" / name).read_text(errors="replace")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def logged_secrets(self):
        """The logs that hold a key, a password or what a signature is made of, and which."""
        password = urllib.parse.urlsplit(self.env["DATABASE_URL"]).password
        secrets = [self.env["AWS_ACCESS_KEY"], self.env["AWS_SECRET_KEY"], password]
        texts = {p.name: p.read_text(errors="replace") for p in self.run_dir.glob("log/*.log")}
        assert {"photodrop.log", "access.log", "error.log"} <= texts.keys()
        words = [*secrets, "X-Amz-", "AWS4-HMAC-SHA256"]
        return [(name, word) for name, text in texts.items() for word in words if word in text]

    def supervisor(self):
        return int((self.run_dir / "photodrop.pid").read_text())

    def stop_reaper(self):
        """The one that runs every minute must not reap what a test is looking at."""
        with contextlib.suppress(ProcessLookupError):  # an earlier run of tests has stopped it
            os.kill(int((self.run_dir / "reaper.pid").read_text()), signal.SIGTERM)

    def program(self):
        """The photodrop that serves."""
        return pathlib.Path(self._of_supervisor("cmdline")[0])

    def run(self, *arguments, **settings):
        """One command of the program, with these settings beside the supervisor's, to its end."""
        return subprocess.run(
            [self.program(), *arguments],
            env={**self.supervisor_environment(), **settings},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def supervisor_environment(self):
        return dict(line.split("=", 1) for line in self._of_supervisor("environ"))

    def _of_supervisor(self, file):
        text = pathlib.Path(f"/proc/{self.supervisor()}/{file}").read_text()
        return text.rstrip("\0").split("\0")

    def workers(self, pool=None):
        """The pids of the workers that are alive now, of that pool or of all."""
        pid = self.supervisor()
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
        workers = [int(child) for child in children.split()]
        return [worker for worker in workers if pool is None or _pool_of(worker) == pool]

    # The parts, stopped and started by the scripts that a developer uses.

    def script(self, *command):
        subprocess.run([CHECKOUT / "scripts" / command[0], *command[1:]], check=True)

    def stop_store(self):
        self.script("local-s3", "stop-gateway", self.run_dir / "s3")

    def start_store(self):
        self.script("local-s3", "start-gateway", self.run_dir / "s3")

    def stop_database(self):
        self.script("local-postgres", "stop", self.run_dir / "postgres", "immediate")

    def start_database(self):
        port = self.env["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0]
        self.script("local-postgres", "start", self.run_dir / "postgres", port)

    def wait_until_ready(self):
        """Until no circuit breaker is open, and both parts have answered a probe."""
        ready = self.http_url + "/readyz"
        wait_until(lambda: requests.get(ready, timeout=60).status_code == 200, "it to be ready")

    # What every refusal must look like and what every test must leave behind.

    def snapshot(self):
        return self.rows(), self.keys()

    def assert_problem(self, answer, status, code):
        """The answer is a whole problem (RFC 9457), readable by the allowed origin's scripts."""
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert list(problem) == ["type", "title", "status", "detail", "code", "request_id"]
        assert (problem["status"], problem["code"]) == (status, code), problem
        assert problem["detail"].endswith("."), problem
        assert problem["request_id"] == answer.headers["X-Request-ID"]
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        if status == 503:
            assert int(answer.headers["Retry-After"]) > 0


def _pool_of(worker):
    """The pool that a worker has in its name; None when it has just ended."""
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{worker}/comm").read_text().strip().removeprefix("pd: ")
    return None


def from_environment():
    run_dir = os.environ.get("RUN_DIR")
    assert run_dir, "RUN_DIR is not set: run these tests by scripts/test"
    return Stack(run_dir)
