"""Two hosts on one database and one store, one of them behind PgBouncer; that one is killed."""

import contextlib
import os
import signal
import subprocess
import urllib.parse

import psycopg2
import pytest

import launch
from audit import audit
from load import load
from stack import ask_database, wait_until

pytestmark = pytest.mark.faults

BETWEEN = 100  # photos that are acknowledged before the host is killed, and again after

# As systemd/README.md has it; fewer connections than a host has workers.
TIME_LIMITS = (
    "SET statement_timeout = 5000; SET lock_timeout = 2000;"
    " SET idle_in_transaction_session_timeout = 10000"
)
PGBOUNCER = """
[databases]
{name} = {place} connect_query='{time_limits}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
query_wait_timeout = 5
ignore_startup_parameters = options
"""


@pytest.fixture
def pooled_url(stack, folder):
    """The stack's database, by way of a PgBouncer."""
    at = urllib.parse.urlsplit(stack.env["DATABASE_URL"])
    name, port = at.path[1:], launch.free_port()
    place = f"host={at.hostname} port={at.port} user={at.username} password={at.password}"
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        PGBOUNCER.format(name=name, place=place, port=port, time_limits=TIME_LIMITS)
    )
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it does not run as root
    with (folder / "log").open("wb") as log:
        pooler = subprocess.Popen(
            ["/usr/sbin/pgbouncer", *as_user, settings], stdout=log, stderr=log
        )
    url = f"postgresql://{at.username}@127.0.0.1:{port}/{name}"
    try:
        wait_until(lambda: answers(url), "PgBouncer")
        yield url
    finally:
        pooler.kill()
        pooler.wait()


def answers(url):
    with contextlib.suppress(psycopg2.OperationalError):
        return ask_database(url, "SHOW statement_timeout") == [("5s",)]
    return False


@pytest.fixture
def host(stack, pooled_url):
    """A second supervisor with a reaper and an nginx."""
    own = launch.OwnStack(stack.program())
    try:
        own.start(**{**launch.backing(stack), "DATABASE_URL": pooled_url})
        yield own
    finally:
        own.close()


def power_off(host):
    """Ends every process of the host by SIGKILL."""

    def nothing_runs():
        left = host.processes()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not left

    wait_until(nothing_runs, "the end of the host")


def uploads_of(stack):
    lines = [line for line in stack.log_lines() if line.get("method") == "POST"]
    return sum(line["status"] == 200 for line in lines)


def test_a_host_that_is_killed_under_load_takes_no_photo_with_it(stack, host):
    with load(stack, host.stack, deleting=0.1) as crowd:
        crowd.wait_for_more(BETWEEN)
        power_off(host)
        crowd.wait_for_more(BETWEEN)
    findings = audit(stack, crowd.tries, crowd.deletions)
    findings.assert_clean()
    assert findings.acknowledged == crowd.acknowledged >= 2 * BETWEEN
    # Clients were served by either, and some that one had left without an answer by the other.
    assert uploads_of(stack) > 0 and uploads_of(host.stack) > 0
    left_alone = {each.key for each in crowd.tries if each.answer is None}
    assert left_alone & {each.key for each in crowd.tries if each.answer is not None}
