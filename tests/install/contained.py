"""Commands of which nothing is left when they have ended, in whatever way."""

import contextlib
import os
import pathlib
import signal
import subprocess

GROUPS = pathlib.Path("/sys/fs/cgroup")

# Runs a command of the host like that: in a PID namespace, and with mounts, of its own.
ON_THE_HOST = ("unshare", "--mount", "--pid", "--fork", "--mount-proc")


class Contained:
    """A running command that keeps its descendants in a PID namespace: `unshare`, `systemd-nspawn`.

    The first process in there takes all the others with it. It has control groups of its own, or
    the systemds of two machines would each clear away the other's.
    """

    def __init__(self, name, command, log):
        self._groups = [folder / name for folder in _groups_of_systemd()]
        for group in self._groups:
            group.mkdir()
        try:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a terminal's Ctrl-C is for us alone
                preexec_fn=self._join_groups,
            )
        except BaseException:
            self._remove_groups()
            raise

    def first(self):
        """The pid of the first process in the namespace; None when there is none (yet)."""
        for pid in self._children():
            with contextlib.suppress(OSError):
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                pids = next(line for line in status.splitlines() if line.startswith("NSpid:"))
                if pids.split()[2:] and pids.split()[-1] == "1":
                    return pid
        return None

    def has_ended(self):
        return self._process.poll() is not None

    def wait(self, seconds=None):
        """Its exit status; fails when it has not ended within that time."""
        status = self._process.wait(seconds)
        self.end()
        return status

    def end(self):
        """Kills all of it, as a power cut would; does nothing when it has ended."""
        if not self.has_ended():
            for pid in self._children() or [self._process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait(60)
        self._remove_groups()

    def _children(self):
        pid = self._process.pid
        with contextlib.suppress(OSError):
            words = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            return [int(word) for word in words]
        return []

    def _join_groups(self):
        for group in self._groups:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    def _remove_groups(self):
        for group in self._groups:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)


def _groups_of_systemd():
    """The control groups of this process in the hierarchies, one or two, that systemd uses."""
    unified = GROUPS / "unified"
    roots = {"name=systemd": GROUPS / "systemd", "": unified if unified.exists() else GROUPS}
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        folder = roots.get(controllers, GROUPS) / path.lstrip("/")
        if controllers in roots and (folder / "cgroup.procs").exists():
            yield folder
