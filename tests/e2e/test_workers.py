"""Workers die and supervisors stop in the middle of uploads; the others do not notice."""

import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import signal
import stat
import threading

import pytest

from breakers import kill, wait_for_end
from crowd import assert_all_are_kept, frozen_store, numbered_photo, pending, uploading
from crowd import wait_for_pending
from images import JPEG
from launch import pools
from stack import wait_until

AT_ONCE = 8


def kill_worker(stack, worker):
    """Returns when the supervisor has replaced it."""
    count = len(stack.workers())
    os.kill(worker, signal.SIGKILL)
    wait_until(
        lambda: worker not in stack.workers() and len(stack.workers()) == count,
        f"worker {worker} to be replaced",
    )


def deaths(stack):
    """By what signal each worker died, as the supervisor has logged it."""
    lines = [line for line in stack.log().splitlines() if '"worker died"' in line]
    return {entry["worker"]: entry["signal"] for entry in map(json.loads, lines)}


def assert_whole(stack, answer):
    """Either the photo is stored or the answer is a whole problem."""
    if answer.status_code == 200:
        assert answer.json()["photo_url"]
    else:
        stack.assert_problem(answer, 503, "busy")


@pytest.mark.usefixtures("tidy")
def test_a_killed_worker_takes_its_own_upload_alone_with_it(stack):
    workers = stack.workers("upload")
    contents = [numbered_photo(n) for n in range(len(workers))]
    with frozen_store(stack) as thaw:
        with uploading(stack, contents, at_once=len(contents)) as uploads:
            wait_for_pending(stack, len(contents))  # each worker has one
            kill_worker(stack, workers[0])
            thaw()
            answers = [upload.result() for upload in uploads]
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * (len(contents) - 1) + [503]
    for answer in answers:
        assert_whole(stack, answer)
    assert_all_are_kept(stack, answers, contents)
    assert len(pending(stack)) == 1, "the row of the upload that was cut off"
    assert set(workers[1:]) < set(stack.workers())
    assert deaths(stack)[workers[0]] == signal.SIGKILL


@pytest.mark.usefixtures("tidy")
def test_no_acknowledged_photo_is_lost_while_workers_are_killed(stack):
    with uploads_without_end(stack) as uploads:
        for _ in range(5):
            done = len(uploads)
            wait_until(lambda: len(uploads) >= done + AT_ONCE, "uploads between two kills")
            kill_worker(stack, busy_worker(stack))
    answers, contents = zip(*uploads)
    for answer in answers:
        assert_whole(stack, answer)
    assert_all_are_kept(stack, answers, contents)
    failed = [answer for answer in answers if answer.status_code != 200]
    assert len(failed) <= 5, "a killed worker failed more requests than its own"


@contextlib.contextmanager
def uploads_without_end(stack):
    """Yields the growing list of answers and what they answer, AT_ONCE being under way."""
    enough, numbers, uploads = threading.Event(), itertools.count(), []

    def upload_until_enough():
        while not enough.is_set():
            content = numbered_photo(next(numbers), size=300_000)
            uploads.append((stack.post(content), content))

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(upload_until_enough) for _ in range(AT_ONCE)]
        try:
            yield uploads
        finally:
            enough.set()
    for each in running:
        each.result()  # an answer that broke off is raised here


def busy_worker(stack):
    """A worker that holds a connection from nginx: one more socket than when it waits."""
    fds = {worker: len(sockets_of(worker)) for worker in stack.workers("upload")}
    return max(fds, key=fds.get)


def test_each_pool_has_as_many_workers_as_its_setting_says(spare):
    for counts in ((1, 2, 3), (3, 1, 1)):
        with spare.serving(**pools(*counts)):
            wait_until(lambda: sizes(spare.stack) == counts, f"{counts} workers")
            assert spare.stack.post(JPEG).status_code == 200
            assert sizes(spare.stack) == counts


def sizes(stack):
    return tuple(len(stack.workers(pool)) for pool in ("api", "upload", "thumbnail"))


def test_sigterm_lets_the_uploads_in_flight_finish(stack, spare):
    contents = [numbered_photo(n) for n in range(4)]
    with spare.serving(**pools(1, 4, 1)) as supervisor, frozen_store(stack) as thaw:
        with uploading(spare.stack, contents, at_once=4) as uploads:
            wait_for_pending(stack, 4)
            supervisor.send_signal(signal.SIGTERM)
            wait_until(lambda: "supervisor stopping" in spare.served_log(), "the stop to begin")
            thaw()
            answers = [upload.result() for upload in uploads]
        assert supervisor.wait(timeout=30) == 0
    assert [answer.status_code for answer in answers] == [200] * 4
    assert_all_are_kept(stack, answers, contents)
    assert not spare.socket.exists()
    assert "worker died" not in spare.served_log()


def test_workers_whose_supervisor_is_killed_finish_and_end(stack, spare):
    with spare.serving(**pools(1, 2, 1)) as supervisor, frozen_store(stack) as thaw:
        workers = wait_until(spare.stack.workers, "the workers")
        with uploading(spare.stack, [JPEG], at_once=1) as [upload]:
            wait_for_pending(stack, 1)
            kill(supervisor)
            thaw()
            assert upload.result().status_code == 200
        wait_for_end(workers)


def test_a_socket_that_a_killed_supervisor_left_is_taken_over(spare):
    with spare.serving(**pools(1, 2, 1)) as supervisor:
        workers = wait_until(spare.stack.workers, "the workers")
        kill(supervisor)
        wait_for_end(workers)
    assert spare.socket.exists()
    with spare.serving():
        assert spare.stack.post(JPEG).status_code == 200


def test_a_second_supervisor_on_one_socket_refuses_with_one_sentence(stack):
    second = stack.run("serve")
    assert second.returncode == 1
    socket = stack.run_dir / "photodrop.sock"
    reason = "another process listens there already"
    assert second.stderr == f"photodrop: Cannot listen on {socket}: {reason}.\n"
    assert stack.post(JPEG).status_code == 200


def test_the_sockets_are_closed_to_everybody_else(stack):
    sockets = sorted(stack.run_dir.glob("*.sock"))
    names = ["photodrop-thumbnail.sock", "photodrop-upload.sock", "photodrop.sock"]
    assert [socket.name for socket in sockets] == names
    assert {stat.S_IMODE(os.stat(socket).st_mode) for socket in sockets} == {0o660}


def test_the_supervisor_holds_no_connection_itself(stack):
    assert stack.post(JPEG).status_code == 200
    assert tcp_sockets_of(stack.supervisor()) == set()
    held = [tcp_sockets_of(worker) for worker in stack.workers()]
    assert any(len(sockets) == 2 for sockets in held), "the database's and the store's"


def sockets_of(pid):
    """The inodes of a process's sockets."""
    links = []
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(os.readlink(fd))
        except FileNotFoundError:
            pass  # closed in the meantime
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:")}


def tcp_sockets_of(pid):
    tables = [pathlib.Path(f"/proc/net/{table}").read_text() for table in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()[1:]]
    return sockets_of(pid) & {row[9] for row in rows}


def test_a_worker_does_not_gather_file_descriptors(spare):
    with spare.serving(**pools(1, 1, 1)):
        one_of_each(spare.stack)
        workers = spare.stack.workers()
        before = open_files(workers)
        for _ in range(50):
            one_of_each(spare.stack)
        # Fewer when the last connection before the count was not closed yet.
        wait_until(lambda: open_files(workers) <= before, f"{before} open files as before", 5)
        assert spare.stack.workers() == workers


def open_files(pids):
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)


def one_of_each(stack):
    """Four requests: an upload, two refusals and a page of the list."""
    assert stack.post(JPEG).status_code == 200
    assert stack.post(b"no image").status_code == 400
    assert stack.post(JPEG, content_type="text/plain").status_code == 400
    assert len(stack.list(limit=1)) == 1
