"""SIGHUP starts the service anew in its process; systemd hands it a socket and hears of it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess

import pytest
import requests

from crowd import assert_all_are_kept, frozen_store, numbered_photo, uploading, wait_for_pending
from images import JPEG
from launch import POOLS, pools
from stack import wait_until


@pytest.fixture
def dot_env(spare):
    """The .env of the spare stack's supervisor, which the environment does not overrule."""
    path = spare.folder / ".env"
    path.write_text(as_lines(pools(2, 1, 1)))
    yield path
    path.unlink()


def as_lines(settings):
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def from_file():
    """For serving(): takes the numbers of workers out of the environment."""
    return dict.fromkeys(POOLS)


def start_anew(spare, supervisor):
    times = spare.served_log().count("supervisor started")
    supervisor.send_signal(signal.SIGHUP)
    wait_until(
        lambda: spare.served_log().count("supervisor started") > times, "the next generation"
    )


def test_sighup_takes_new_settings_and_replaces_every_worker(spare, dot_env):
    with spare.serving(**from_file()) as supervisor:
        wait_until(lambda: len(spare.stack.workers()) == 4, "four workers")
        before = set(spare.stack.workers())
        dot_env.write_text(as_lines(pools(3, 2, 2)))
        start_anew(spare, supervisor)
        wait_until(lambda: not before & set(spare.stack.workers()), "the end of the old ones")
        sizes = [len(spare.stack.workers(pool)) for pool in ("api", "upload", "thumbnail")]
        assert sizes == [3, 2, 2]
        assert spare.stack.post(JPEG).status_code == 200
        assert supervisor.poll() is None


def test_the_log_tells_one_generation_from_the_next(spare, dot_env):
    with spare.serving(**from_file()) as supervisor:
        wait_until(lambda: len(spare.stack.workers()) == 4, "four workers")
        start_anew(spare, supervisor)
        wait_until(lambda: "old workers ended" in spare.served_log(), "their end")
        lines = spare.stack.log_lines("serving.log")
    assert {line["pid"] for line in lines} == {supervisor.pid}
    assert [(line["event"], line.get("old_workers")) for line in lines] == [
        ("supervisor starting", 0),
        ("supervisor started", None),
        ("starting anew", None),
        ("supervisor starting", 4),
        ("supervisor started", None),
        ("old workers ended", None),
    ]


def test_no_request_is_lost_while_the_service_starts_anew(spare, dot_env):
    contents = [numbered_photo(n) for n in range(200)]
    with spare.serving(**from_file()) as supervisor:
        with uploading(spare.stack, contents, at_once=8) as uploads:
            for done, workers in ((20, 3), (80, 4), (140, 2)):
                wait_until(lambda: sum(map(lambda u: u.done(), uploads)) >= done, "uploads")
                dot_env.write_text(as_lines(pools(2, workers, 1)))
                start_anew(spare, supervisor)
            answers = [upload.result() for upload in uploads]
        assert [answer.status_code for answer in answers] == [200] * len(contents)
        assert_all_are_kept(spare.stack, answers, contents)


def test_an_upload_in_flight_is_finished_by_the_worker_that_has_it(stack, spare, dot_env):
    content = numbered_photo(1)
    with spare.serving(**from_file()) as supervisor, frozen_store(stack) as thaw:
        with uploading(spare.stack, [content], at_once=1) as [upload]:
            wait_for_pending(spare.stack, 1)
            start_anew(spare, supervisor)
            thaw()
            assert upload.result().status_code == 200


def test_settings_that_are_wrong_leave_all_as_it_is(spare, dot_env):
    with spare.serving(**from_file()) as supervisor:
        wait_until(lambda: len(spare.stack.workers()) == 4, "four workers")
        before = spare.stack.workers()
        dot_env.write_text("WORKERS=many\n")
        supervisor.send_signal(signal.SIGHUP)
        wait_until(lambda: "not started anew" in spare.served_log(), "the refusal")
        assert "WORKERS must be a whole number from 1 to 1024." in spare.served_log()
        assert spare.stack.workers() == before
        assert spare.stack.post(JPEG).status_code == 200


def test_sighup_starts_the_program_that_an_upgrade_has_put_there(spare, dot_env):
    with spare.serving(**from_file()) as supervisor:
        upgrade = spare.program.with_suffix(".new")
        shutil.copy(spare.program, upgrade)
        upgrade.rename(spare.program)
        assert os.readlink(f"/proc/{supervisor.pid}/exe").endswith("(deleted)")
        start_anew(spare, supervisor)
        assert os.readlink(f"/proc/{supervisor.pid}/exe") == str(spare.program)
        assert spare.stack.post(JPEG).status_code == 200


def test_the_socket_goes_with_the_last_generation(spare, dot_env):
    with spare.serving(**from_file()) as supervisor:
        start_anew(spare, supervisor)
        assert spare.socket.exists()
    assert not spare.socket.exists()


def test_a_worker_is_replaced_after_as_many_requests_as_it_may_answer(spare):
    with spare.serving(**pools(1, 1, 1), WORKER_MAX_REQUESTS="3"):
        statuses, workers = [], set()
        for n in range(10):
            statuses.append(spare.stack.post(numbered_photo(n)).status_code)
            wait_until(lambda: spare.stack.workers("upload"), "a worker")
            workers |= set(spare.stack.workers("upload"))
        assert statuses == [200] * 10
        assert len(workers) >= 4
        assert '"worker ended"' in spare.served_log()
        assert '"worker died"' not in spare.served_log()


@contextlib.contextmanager
def systemd(spare):
    """Starts the service as systemd does: with its sockets, and another one to report to."""
    reports = spare.run_dir / "notify.sock"
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(listening(path)) for path in spare.sockets]
        fds = [str(each.fileno()) for each in sockets]
        hears = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        hears.bind(str(reports))
        stack.callback(reports.unlink)
        hears.settimeout(30)
        # What systemd does between fork and exec, for LISTEN_PID is the service's own.
        hand_over = """exec 3<&"$1" 4<&"$2" 5<&"$3"
            LISTEN_FDNAMES=api:upload:thumbnail LISTEN_FDS=3 LISTEN_PID=$$ exec "$4" serve"""
        service = subprocess.Popen(
            ["bash", "-c", hand_over, "bash", *fds, spare.program],
            env={**spare.settings, "NOTIFY_SOCKET": str(reports), **pools(2, 1, 1)},
            pass_fds=[int(fd) for fd in fds],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield service, hears
        finally:
            service.terminate()
            service.wait(timeout=90)


@contextlib.contextmanager
def listening(path):
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        try:
            yield listener
        finally:
            path.unlink()


def test_systemd_passes_it_the_sockets_and_hears_that_it_is_ready_alive_and_stopping(spare):
    with systemd(spare) as (service, hears):
        assert hears.recv(100) == b"READY=1"
        assert hears.recv(100) == b"WATCHDOG=1"
        assert spare.stack.post(JPEG).status_code == 200
        service.send_signal(signal.SIGHUP)
        while hears.recv(100) != b"READY=1":
            pass
        answer = spare.stack.post(JPEG)
        assert answer.status_code == 200
        thumbnail = spare.stack.http_url + answer.json()["thumbnail_url"]
        assert requests.get(thumbnail, timeout=60).status_code == 200
        service.terminate()
        while hears.recv(100) != b"STOPPING=1":
            pass
        assert service.wait(timeout=90) == 0
        assert all(path.exists() for path in spare.sockets), "they are systemd's to remove"
