"""2,000 uploads while workers are killed, and more while what is around them is: none is lost.

Every client has a key for each photo and tries again; the audit has the last word.
"""

import pytest

from audit import audit
from breakers import MortalSupervisor, kill_random_worker, restart_database, restart_gateway
from load import load

pytestmark = pytest.mark.faults

UPLOADS = 2000
KILL_EVERY = 0.2  # seconds
TIMES = 4
BETWEEN = 40  # photos that are acknowledged between two restarts


def assert_nothing_is_amiss(stack, crowd):
    findings = audit(stack, crowd.tries, crowd.deletions)
    findings.assert_clean()
    assert findings.acknowledged == crowd.acknowledged > 0


def test_no_photo_is_lost_while_a_worker_is_killed_five_times_a_second(stack):
    kills = 0
    with load(stack, most=UPLOADS) as crowd:
        while not crowd.enough.wait(KILL_EVERY):
            kills += kill_random_worker(stack)
    assert_nothing_is_amiss(stack, crowd)
    # A key that a killed worker held is free when its lease has ended, and not before.
    assert kills > 0 and UPLOADS - crowd.acknowledged <= kills


def test_no_photo_is_lost_while_the_supervisor_is_killed(stack, spare):
    with MortalSupervisor(spare) as supervisor, load(spare.stack, deleting=0.1) as crowd:
        for _ in range(TIMES):
            crowd.wait_for_more(BETWEEN)
            supervisor.restart()
        crowd.wait_for_more(BETWEEN)
    assert_nothing_is_amiss(stack, crowd)


@pytest.mark.parametrize("restart", [restart_database, restart_gateway])
def test_no_photo_is_lost_while_what_it_is_kept_in_crashes(stack, restart):
    with load(stack, deleting=0.1) as crowd:
        for _ in range(TIMES):
            crowd.wait_for_more(BETWEEN)
            restart(stack)
        crowd.wait_for_more(BETWEEN)
    assert_nothing_is_amiss(stack, crowd)
