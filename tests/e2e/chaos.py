"""What scripts/chaos runs: faults at random under load, an audit, a table.

It breaks a stack of its own, in rounds, so that what has to be remembered for the audit does not
grow with the time that it is given.
"""

import argparse
import collections
import random
import signal
import sys
import time

from audit import audit
from breakers import (
    MortalSupervisor,
    database_processes,
    gateway_processes,
    kill_random_worker,
    restart_database,
    restart_gateway,
    stop_for_a_while,
)
from launch import OwnStack
from load import AT_ONCE, load

ENDINGS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
ROUND = 60  # seconds
PAUSE = 0.1, 0.8  # seconds between two faults
DELETING = 0.1  # of the photos
LOOKING = 0.1  # at their thumbnails, and so having them made
ODDS = {
    "workers killed": 24,
    "supervisors killed": 2,
    "databases killed": 2,
    "gateways killed": 2,
    "workers stopped": 2,
    "databases stopped": 1,
    "gateways stopped": 1,
}


class Chaos:
    """A stack, its breakers and the tally of all rounds."""

    def __init__(self, own, supervisor, chance):
        self._stack = own.stack
        self._chance = chance
        self._breakers = {
            "workers killed": lambda _: kill_random_worker(self._stack, chance),
            "supervisors killed": lambda _: supervisor.restart(),
            "databases killed": lambda _: restart_database(self._stack),
            "gateways killed": lambda _: restart_gateway(self._stack),
            "workers stopped": self._stop(lambda stack: chance.choices(stack.workers())),
            "databases stopped": self._stop(database_processes),
            "gateways stopped": self._stop(gateway_processes),
        }
        self.tally = collections.Counter()
        self.faults = collections.Counter()
        self.amiss = []

    def _stop(self, processes):
        return lambda crowd: stop_for_a_while(processes(self._stack), self._chance, crowd)

    def round(self, seconds):
        with load(self._stack, deleting=DELETING, looking=LOOKING) as crowd:
            self._break_things(time.monotonic() + seconds, crowd)
        findings = audit(self._stack, crowd.tries, crowd.deletions)
        self.tally["requests"] += len(crowd.tries) + len(crowd.deletions)
        self.tally["acknowledged"] += findings.acknowledged
        for kind in ("lost", "orphaned", "duplicated"):
            self.tally[kind] += len(getattr(findings, kind))
            self.amiss += [f"{kind}: {line}" for line in getattr(findings, kind)]

    def _break_things(self, end, crowd):
        while time.monotonic() < end:
            [kind] = self._chance.choices(list(ODDS), weights=ODDS.values())
            self._breakers[kind](crowd)
            self.faults[kind] += 1
            crowd.enough.wait(self._chance.uniform(*PAUSE))

    def table(self):
        """The lines to print, as name and number."""
        return [
            ("requests", self.tally["requests"]),
            ("acknowledged", self.tally["acknowledged"]),
            ("faults injected", self.faults.total()),
            *((f"  {kind}", self.faults[kind]) for kind in ODDS),
            *((kind, self.tally[kind]) for kind in ("lost", "orphaned", "duplicated")),
        ]


def run(own, minutes, seed):
    own.start()
    own.take_supervisor()
    end = time.monotonic() + 60 * minutes
    with MortalSupervisor(own) as supervisor:
        chaos = Chaos(own, supervisor, random.Random(seed))
        while (left := end - time.monotonic()) > 0:
            chaos.round(min(left, ROUND))
    return chaos


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    return parser.parse_args()


def main():
    given = arguments()
    for number in ENDINGS:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    print(f"{AT_ONCE} clients, {given.minutes:g} min of faults, --seed {given.seed}", flush=True)
    own = OwnStack(given.program)
    try:
        chaos = run(own, given.minutes, given.seed)
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)  # a second one must not leave it half stopped
        own.close()
    for name, number in chaos.table():
        print(f"{name:22}{number:10,}")
    for line in chaos.amiss:
        print(line, file=sys.stderr)
    return 1 if chaos.amiss else 0


if __name__ == "__main__":
    sys.exit(main())
