"""A COMMIT takes effect and its answer is lost: the worker asks the rows what became of it.

PostgreSQL commits, waits for a standby that does not exist, and has its connection ended there.
"""

import concurrent.futures
import contextlib
import os
import signal

import pytest
import requests

from audit import Deletion, Try, audit
from crowd import sha256, uploading
from load import fresh_photo
from stack import wait_until

pytestmark = pytest.mark.faults


@contextlib.contextmanager
def commits_that_wait(stack):
    """Every COMMIT that changed something waits for good once it has taken effect."""
    settings = stack.run_dir / "postgres" / "data" / "postgresql.auto.conf"
    before = settings.read_bytes()
    settings.write_bytes(before + b"synchronous_standby_names = 'nobody'\n")
    reload(stack, "nobody")
    try:
        yield
    finally:
        settings.write_bytes(before)
        reload(stack, "")


def reload(stack, standby):
    """Returns when PostgreSQL knows the setting; only its superuser could ask it for a reload."""
    pid = (stack.run_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0]
    os.kill(int(pid), signal.SIGHUP)
    current = "SHOW synchronous_standby_names"
    wait_until(lambda: stack.rows(current) == [(standby,)], "PostgreSQL to read its settings")


def end_commits_until(done, stack):
    """Ends the connections whose COMMIT waits, until done(); returns how many those were."""
    ended = set()

    def end_waiting():
        waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        ended.update(
            stack.rows(f"SELECT pid, pg_terminate_backend(pid) FROM ({waiting}) AS waiting")
        )
        return done()

    wait_until(end_waiting, "all commits to be given up")
    return len(ended)


def stored(stack, content):
    sql = "SELECT id FROM photos WHERE state = 'stored' AND sha256 = decode(%s, 'hex')"
    return [id_ for (id_,) in stack.rows(sql, sha256(content))]


def test_an_upload_whose_commits_are_not_answered_is_one_photo(stack):
    content = fresh_photo()
    with commits_that_wait(stack), uploading(stack, [content], at_once=1) as [upload]:
        ended = end_commits_until(upload.done, stack)
    answer = upload.result()
    assert answer.status_code == 200, answer.text
    assert ended == 2, "the upload's beginning and its end"
    assert stored(stack, content) == [answer.json()["id"]]
    audit(stack, [Try(answer, content, None)]).assert_clean()


def test_a_deletion_whose_commits_are_not_answered_is_done(stack):
    content = fresh_photo()
    sent = Try(stack.post(content), content, None)
    photo = sent.answer.json()["id"]
    url = f"{stack.photos_url}/{photo}"
    with commits_that_wait(stack), concurrent.futures.ThreadPoolExecutor(1) as pool:
        deletion = pool.submit(requests.delete, url, timeout=60)
        ended = end_commits_until(deletion.done, stack)
    assert deletion.result().status_code == 204
    assert ended == 2, "taking it out of the list, and burying it"
    assert stack.rows("SELECT state FROM photos WHERE id = %s", photo) == [("tombstone",)]
    audit(stack, [sent], [Deletion(deletion.result(), photo)]).assert_clean()
