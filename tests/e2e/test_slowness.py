"""A part that is stopped, or hangs, costs only the requests that need it, and those not for long.

Clients upload with keys and try again all the while; the audit has the last word.
"""

import contextlib
import time

import psycopg2
import pytest

from audit import audit
from breakers import database_processes, gateway_processes, stopped
from crowd import numbered_photo
from load import load
from metrics import samples
from stack import wait_until
from watcher import watching

pytestmark = pytest.mark.faults

STOPPED = 40  # seconds
FIRST = {"store": 12, "database": 6}  # seconds within which a request is refused at first
SETTLED = 15  # seconds after which every worker has given up what it waited for
AT_ONCE = 2  # seconds, of a busy machine, for a refusal without a wait
BACK = 5  # seconds until all works again


@contextlib.contextmanager
def locked_table(stack):
    """Nobody else can read or write a photo; yields what unlocks the table."""
    with contextlib.closing(psycopg2.connect(stack.env["DATABASE_URL"])) as connection:
        connection.cursor().execute("LOCK TABLE photos IN ACCESS EXCLUSIVE MODE")
        yield connection.rollback


# What slows the part down, and which addresses need it.
NEED_DATABASE = ["/readyz", "/api/photos?limit=10", "{photo}"]
FAULTS = {
    "store": (lambda stack: stopped(gateway_processes(stack)), ["/readyz"]),
    "database": (lambda stack: stopped(database_processes(stack)), NEED_DATABASE),
    "table": (locked_table, NEED_DATABASE),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_need_the_slow_part_answers_and_the_rest_is_refused(stack, fault):
    slow_part, refused = FAULTS[fault]
    part = "store" if fault == "store" else "database"
    photo = f"/api/photos/{stack.post(numbered_photo(0)).json()['id']}"
    refused = [path.format(photo=photo) for path in refused]
    paths = ["/", "/healthz", "/readyz", "/api/photos?limit=10", photo]
    with load(stack) as some, load(stack) as others, watching(stack, *paths) as watcher:
        some.wait_for_more(20)
        with slow_part(stack) as resume:
            start = time.monotonic()
            wait_until(lambda: breaker(stack, part), "the breaker to open", FIRST[part])
            watcher.enough.wait(start + STOPPED - time.monotonic())
            end = time.monotonic()
            resume()
            wait_until(lambda: all_good(watcher, time.monotonic() - 1), "all to work", BACK)
            some.wait_for_more(20)
    for path in paths:
        during = watcher.between(start + SETTLED, end, path)
        assert {seen.status for seen in during} == {503 if path in refused else 200}, path
        assert max(seen.seconds for seen in during) < AT_ONCE, path
        first = watcher.between(start, end, path)
        limit = FIRST["database"] if path in refused else AT_ONCE
        assert max(seen.seconds for seen in first) < limit, path
    uploads = [each for each in some.tries + others.tries if each.answer.status_code == 503]
    assert max(each.answer.elapsed.total_seconds() for each in uploads) < FIRST[part]
    assert all(int(each.answer.headers["Retry-After"]) > 0 for each in uploads)
    assert opened(stack) == {part}
    audit(stack, some.tries + others.tries, some.deletions + others.deletions).assert_clean()


def breaker(stack, part):
    return samples(stack)['photodrop_circuit_breaker_open{part="%s"}' % part] == 1


def all_good(watcher, since):
    """Each address was answered with 200 the last time."""
    seen = watcher.between(since, time.monotonic())
    last = {each.path: each.status for each in seen}
    return set(last) == set(watcher.paths) and set(last.values()) == {200}


def opened(stack):
    """The parts whose breaker the log says to have opened, and closed again, in this test."""
    lines = stack.log_lines()
    changes = [line for line in lines if line["event"].startswith("circuit breaker")]
    assert changes[-1]["event"] == "circuit breaker closed", changes
    return {changes[-1]["part"]}
