"""The load generator: wrk, one thread of it, on the same cores as what it measures."""

import contextlib
import json
import pathlib
import subprocess
import typing

SCRIPTS = pathlib.Path(__file__).parent / "wrk"
LONGEST_ANSWER = 60  # seconds


class Unmeasurable(Exception):
    """A run that says nothing: requests failed, or none was answered."""


class Outcome(typing.NamedTuple):
    requests: int
    seconds: float
    failed: int

    @property
    def rate(self):
        """Requests a second."""
        return self.requests / self.seconds


@contextlib.contextmanager
def running(url, seconds, at_once, script="outcome.lua", arguments=()):
    """A load in the background; yields a function that waits for its outcome."""
    command = ["wrk", "-t1", f"-c{at_once}", f"-d{seconds}s", f"--timeout={LONGEST_ANSWER}s"]
    load = subprocess.Popen(
        [*command, "-s", script, url, "--", *arguments],
        cwd=SCRIPTS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield lambda: _outcome(load, url, seconds)
    finally:
        load.kill()
        load.communicate()


def run(*arguments, **options):
    """The same, to its end."""
    with running(*arguments, **options) as outcome:
        return outcome()


def _outcome(load, url, seconds):
    output, errors = load.communicate(timeout=seconds + LONGEST_ANSWER)
    lines = output.splitlines()
    if load.returncode or not lines or not lines[-1].startswith("{"):
        raise Unmeasurable(f"wrk {url}: {errors or output}")
    outcome = Outcome(**json.loads(lines[-1]))
    if outcome.failed or not outcome.requests:
        raise Unmeasurable(f"wrk {url}: {outcome}")
    return outcome
