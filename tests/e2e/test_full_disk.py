"""Database or store is full: a 503, nothing half done, and all is well when there is room."""

import contextlib
import errno
import os
import subprocess
import uuid

import pytest

from audit import audit
from launch import OwnStack, backing
from load import upload
from stack import wait_until

pytestmark = pytest.mark.faults

DISK = "size=128m"
MOST_UPLOADS = 500  # until the pages that the table has are full


class SmallDisk:
    """A stack over a store that it shares and a PostgreSQL whose disk the test can fill."""

    def __init__(self, stack):
        self.own = OwnStack(stack.program())
        self.disk = self.own.run_dir / "postgres"
        self.ballast = self.disk / "ballast"

    def start(self, settings):
        self.disk.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "photodrop", self.disk], check=True)
        return self.own.start(**settings)

    def fill(self):
        with self.ballast.open("wb", buffering=0) as ballast:
            for block in (1 << 20, 1 << 12):
                write_until_full(ballast, bytes(block))

    def close(self):
        self.own.stop()
        if self.disk.is_mount():
            subprocess.run(["umount", self.disk], check=True)
        self.own.close()


def write_until_full(file, block):
    try:
        while True:
            file.write(block)
    except OSError as error:
        assert error.errno == errno.ENOSPC, error


@pytest.fixture
def small(stack):
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    bucket = f"small-{uuid.uuid4()}"
    stack.store().create_bucket(Bucket=bucket)
    settings = {**backing(stack), "BUCKET_NAME": bucket}
    del settings["DATABASE_URL"]
    made = SmallDisk(stack)
    try:
        made.start(settings)
        yield made
    finally:
        made.close()


def upload_until_refused(stack):
    tries = [upload(stack)]
    while tries[-1].answer.status_code == 200 and len(tries) < MOST_UPLOADS:
        tries.append(upload(stack))
    return tries


def upload_into(tries, stack):
    tries.append(upload(stack))
    return tries[-1].answer.ok


def test_a_full_database_refuses_uploads_and_loses_none(small):
    stack = small.own.stack
    tries = [upload(stack)]
    small.fill()
    tries += upload_until_refused(stack)
    keys = stack.keys()
    tries.append(upload(stack))
    for refused in tries[-2:]:
        stack.assert_problem(refused.answer, 503, "database-unavailable")
    assert "No space left on device" in stack.log()
    assert stack.keys() == keys, "nothing is written that no row names"
    small.ballast.unlink()
    wait_until(lambda: upload_into(tries, stack), "the database to have room again")
    findings = audit(stack, tries)
    findings.assert_clean()
    assert findings.acknowledged == len(stack.list()) >= 2


@contextlib.contextmanager
def full_store(stack):
    """The gateway has no room left for its user."""
    quota(stack, "set", "--max-size=1")
    quota(stack, "enable")
    try:
        yield
    finally:
        quota(stack, "disable")


def quota(stack, command, *options):
    conf = stack.run_dir / "s3" / "ceph.conf"
    whose = ["--quota-scope=user", "--uid=photodrop"]
    subprocess.run(
        ["radosgw-admin", "--conf", conf, "quota", command, *whose, *options],
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_a_full_store_refuses_uploads_and_has_nothing_of_them(stack):
    before = stack.snapshot()
    with full_store(stack):
        refused = upload(stack)
        stack.assert_problem(refused.answer, 503, "storage-unavailable")
        assert stack.snapshot() == before
    tries = [refused, upload(stack, refused.content, refused.key)]
    assert tries[-1].answer.status_code == 200
    findings = audit(stack, tries)
    findings.assert_clean()
    assert findings.acknowledged == 1
