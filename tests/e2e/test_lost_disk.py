"""A store that keeps each photo on three disks loses one of them under load, and no photo."""

import shlex

import pytest

from audit import audit
from breakers import kill_daemon
from launch import OwnStack, free_port
from load import load

pytestmark = pytest.mark.faults

DISKS = 3
BETWEEN = 40  # photos that are acknowledged with a disk less, and again with all of them


class Cluster:
    """A stack of its own over a store of three disks."""

    def __init__(self, program):
        self.own = OwnStack(program)
        self.store = self.own.folder / "disks"

    def start(self):
        port = free_port()
        self.script("start", str(port), "--osds", str(DISKS))
        self.script("make-bucket", "photos")
        lines = shlex.split((self.store / "credentials").read_text(), comments=True)
        keys = dict(line.split("=", 1) for line in lines)
        return self.own.start(S3_ENDPOINT_URL=f"http://localhost:{port}", **keys)

    def script(self, command, *arguments):
        done = self.own.script("local-s3", command, str(self.store), *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    def close(self):
        self.script("stop")
        self.own.close()


@pytest.fixture
def cluster(stack):
    made = Cluster(stack.program())
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_no_photo_is_lost_with_a_disk(cluster):
    stack = cluster.own.stack
    with load(stack, deleting=0.1) as crowd:
        for disk in range(DISKS):
            crowd.wait_for_more(BETWEEN)
            kill_daemon(cluster.store, f"osd.{disk}")
            crowd.wait_for_more(BETWEEN)
            cluster.script("start-disk", str(disk))
        crowd.wait_for_more(BETWEEN)
    findings = audit(stack, crowd.tries, crowd.deletions)
    findings.assert_clean()
    assert findings.acknowledged == crowd.acknowledged > 2 * DISKS * BETWEEN
