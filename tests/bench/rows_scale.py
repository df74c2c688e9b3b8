"""Rows of what hosts share: commits of the database alone, and two hosts against one."""

import re
import subprocess

import launch
import photos
import wrk
from bench_stand import UPLOADS_AT_ONCE
from figures import Figure, ratios
from lesson_app import make_database
from service import Service

CONNECTIONS = 8, 32
COMMIT = "INSERT INTO commits VALUES (:client_id)"
COMMITS_A_SECOND = re.compile(r"tps = ([\d.]+)")


def commits(stand):
    """Transactions of one small INSERT, by pgbench, with nothing else at work."""
    database = make_database(stand.service.database, "commits")
    photos.ask_database(database, "CREATE TABLE commits (client int)")
    script = stand.folder / "commit.sql"
    script.write_text(COMMIT)
    rates = stand.in_turn(
        **{
            f"{count} connections": lambda count=count: commit_rate(
                database, script, count, stand.seconds
            )
            for count in CONNECTIONS
        }
    )
    return [Figure("commits", name, "/s", samples) for name, samples in rates.items()]


def commit_rate(database, script, connections, seconds):
    load = ["--no-vacuum", f"--client={connections}", f"--time={seconds}", f"--file={script}"]
    done = subprocess.run(["pgbench", *load, database], capture_output=True, text=True)
    found = COMMITS_A_SECOND.search(done.stdout)
    if done.returncode or not found:
        raise wrk.Unmeasurable(f"pgbench: {done.stderr}")
    return float(found[1])


def hosts(stand):
    """One host and two, of two workers for uploads each, against one database and one store."""
    few = {"UPLOAD_WORKERS": "2"}
    first, second = Service(stand.program), Service(stand.program)
    backing = launch.backing(stand.service.stack)
    try:
        first.start(**backing, **few)
        second.start(**backing, **few)
        rates = stand.in_turn(
            one=lambda: stand.upload(first.url, "200 KB").rate,
            two=lambda: upload_to_both(stand, first, second),
        )
    finally:
        first.close()
        second.close()
        photos.empty_bucket(stand.service.stack)
    row = {name: Figure("hosts", name, "/s", samples) for name, samples in rates.items()}
    return [*row.values(), Figure("hosts", "two : one", "×", ratios(row["two"], row["one"]))]


def upload_to_both(stand, first, second):
    """Half the clients each."""
    half = UPLOADS_AT_ONCE // 2
    with stand.uploading(first.url, "200 KB", half) as outcome:
        other = stand.upload(second.url, "200 KB", at_once=half)
        return outcome().rate + other.rate
