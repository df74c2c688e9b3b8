"""What processes cost, by /proc: CPU time, memory, writes to disk. See proc(5)."""

import collections
import contextlib
import os
import pathlib

PROC = pathlib.Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")  # in a second
USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 11, 12, 13, 14  # of stat, after the name


def tree(pid):
    """The process and all that descend from it, now."""
    found = [pid]
    for process in found:
        with contextlib.suppress(OSError):
            for thread in (PROC / str(process) / "task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def cpu_seconds(pids):
    """User and system time, with that of children that have ended."""
    return sum(map(_cpu_of, pids)) / TICKS


def _cpu_of(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return sum(int(fields[i]) for i in (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM))
    return 0


def memory_mib(pids):
    """The proportional set size: pages that are shared count in parts."""
    return sum(_field(pid, "smaps_rollup", "Pss:") for pid in pids) / 1024


def written_bytes(pids):
    """What was to be written to disk, in whole pages, whether or not it was in the end."""
    return sum(_field(pid, "io", "write_bytes:") for pid in pids)


def _field(pid, file, name):
    for line in (PROC / str(pid) / file).read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError(f"{file} of process {pid} has no {name}")


class CpuMeter:
    """The CPU time of some groups of processes: `groups` maps a name to a function of pids.

    A process that is new since the start counts from its beginning, one that has ended by what its
    parent has heard of it.
    """

    def __init__(self, groups):
        self._groups = groups
        self._before = self._now()

    def _now(self):
        return {name: cpu_seconds(pids()) for name, pids in self._groups.items()}

    def read(self):
        """The seconds since the start, by the groups' names."""
        spent = collections.Counter(self._now())
        spent.subtract(self._before)
        return spent
