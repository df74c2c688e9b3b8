"""Things that are killed, and brought back, under load."""

import contextlib
import os
import pathlib
import random
import signal

from stack import wait_until

GATEWAY = "client.rgw.a"
STOPPED = 1, 10  # seconds


def kill_random_worker(stack, chance=random):
    """True when there was one."""
    workers = stack.workers()
    if workers:
        with contextlib.suppress(ProcessLookupError):  # it was killed the moment before
            os.kill(chance.choice(workers), signal.SIGKILL)
    return bool(workers)


def kill_daemon(store, name):
    """Ends one of Ceph's daemons by SIGKILL."""
    pid = int((store / "run" / f"{name}.pid").read_text())
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not runs(pid), f"the end of {name}")


def gateway_processes(stack):
    return [int((stack.run_dir / "s3" / "run" / f"{GATEWAY}.pid").read_text())]


def database_processes(stack):
    """PostgreSQL's first process and all that it has started."""
    pid_file = stack.run_dir / "postgres" / "data" / "postmaster.pid"
    first = int(pid_file.read_text().split()[0])
    return [first, *children_of(first)]


def children_of(pid):
    return map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


@contextlib.contextmanager
def stopped(pids):
    """SIGSTOP: whoever connects is let in by the kernel, and answered nothing. Yields what lets
    them go on."""

    def resume():
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield resume
    finally:
        resume()


def stop_for_a_while(pids, chance, crowd):
    """For up to ten seconds, or until the crowd has enough."""
    with stopped(pids):
        crowd.enough.wait(chance.uniform(*STOPPED))


def restart_gateway(stack):
    kill_daemon(stack.run_dir / "s3", GATEWAY)
    stack.start_store()


def restart_database(stack):
    stack.stop_database()
    stack.start_database()


class MortalSupervisor:
    """A supervisor in the place of the one that scripts/run has started, to be killed at will."""

    def __init__(self, own, **settings):
        self._own = own
        self._settings = settings
        self._serving = contextlib.ExitStack()
        self._process = None

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *_):
        self._serving.close()

    def _start(self):
        self._process = self._serving.enter_context(self._own.serving(**self._settings))

    def restart(self):
        """Its workers finish what they do; the next supervisor waits for that, as systemd does."""
        workers = self._own.stack.workers()
        kill(self._process)
        wait_for_end(workers)
        self._serving.close()
        self._start()


def kill(supervisor):
    supervisor.kill()
    supervisor.wait()


def wait_for_end(workers):
    wait_until(
        lambda: not [worker for worker in workers if runs(worker)], "the workers to end", 60
    )


def runs(pid):
    """A zombie runs no more: its new parent may be slow to fetch it."""
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"
