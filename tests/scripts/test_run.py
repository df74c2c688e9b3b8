"""scripts/run and scripts/stop, where all is installed and compiled already."""

import contextlib
import os
import pathlib
import pwd
import signal
import socket
import stat
import subprocess
import time
import urllib.parse

import pytest
import requests

import launch
from images import JPEG
from stack import Stack, wait_until

ENV = [*("HTTP_URL", "HTTPS_URL", "CA_CERT"), *launch.SHARED]
NOWHERE = 1  # a TCP port that nothing listens on
PARTS = {"photodrop", "nginx:", "postgres", "postgres:", "ceph-mon", "ceph-osd", "radosgw"}
LISTENING = "0A"  # proc(5), /proc/net/tcp
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1, as there


@pytest.fixture(scope="module")
def own(stack):
    own = launch.OwnStack(stack.program())
    yield own
    own.close()


@pytest.fixture(scope="module")
def started(own):
    """The first start, of everything."""
    return own.start()


@pytest.fixture
def idle(stack):
    """A copy of the checkout in which nothing runs, and nothing may afterwards."""
    own = launch.OwnStack(stack.program())
    yield own
    assert own.processes() == {}
    own.close()


@contextlib.contextmanager
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def programs(own):
    return {line.split()[0].rpartition("/")[2] for line in own.processes().values()}


def serving(own):
    return [line for line in own.processes().values() if "photodrop serve" in line]


def assert_refused(done, sentence):
    """The script has ended by one sentence on stderr."""
    assert done.returncode == 1, done.stdout
    assert done.stderr == f"run: {sentence}\n"


def test_the_first_start_brings_up_every_part(own, started):
    assert started.post(JPEG).status_code == 200
    assert programs(own) == PARTS
    assert [line for line in own.processes().values() if "photodrop reap --every 60" in line]


def test_the_way_in_is_told_to_people_and_scripts(own, started):
    status = os.stat(own.run_dir / "env")
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert list(started.env) == ENV
    assert all(started.env.values())
    page = requests.get(started.https_url + "/api/photos", verify=started.ca_cert, timeout=60)
    assert page.status_code == 200


def test_no_file_with_a_secret_can_be_read_by_others(own, started):
    password = urllib.parse.urlsplit(started.env["DATABASE_URL"]).password
    secrets = [text.encode() for text in (password, started.env["AWS_SECRET_KEY"])]
    for path in own.run_dir.rglob("*"):
        if path.is_file() and "data" not in path.parts and path.stat().st_size < 1_000_000:
            content = path.read_bytes()
            if any(secret in content for secret in secrets):
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_everything_listens_on_loopback_alone(own, started):
    listening = {inode: address for inode, address in listeners() if inode}
    seen = set()
    for pid in own.processes():
        for inode in sockets_of(pid) & listening.keys():
            host, port = listening[inode].split(":")
            assert host in LOOPBACK, (own.processes()[pid], listening[inode])
            seen.add(int(port, 16))
    urls = ("HTTP_URL", "HTTPS_URL", "S3_ENDPOINT_URL", "DATABASE_URL")
    assert {urllib.parse.urlsplit(started.env[name]).port for name in urls} < seen


def listeners():
    """Inode and local address of every TCP socket on this machine that listens."""
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING:
                yield fields[9], fields[1]


def sockets_of(pid):
    links = set()
    with contextlib.suppress(OSError):
        for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                links.add(os.readlink(fd))
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:")}


def test_a_second_start_is_refused_while_the_first_runs(own, started):
    done = own.script("run", "--detach")
    remedy = f"RUN_DIR={own.run_dir} scripts/stop"
    assert_refused(done, f"photodrop is already running; {remedy} ends it")
    assert started.post(JPEG).status_code == 200


def test_photos_survive_a_stop_and_the_second_start_is_quick(own, started):
    assert started.post(JPEG).status_code == 200
    photos = {photo["id"]: photo["sha256"] for photo in started.list()}
    own.stop()
    wait_until(lambda: own.processes() == {}, "the end of all processes")
    began = time.monotonic()
    again = own.start()
    assert time.monotonic() - began < 30
    assert {photo["id"]: photo["sha256"] for photo in again.list()} == photos
    for photo in again.list():
        assert requests.get(photo["photo_url"], timeout=60).content == JPEG


@pytest.fixture(scope="module")
def foreground(own, started):
    """After a crash of the workers: a start without --detach, and what it has written."""
    os.kill(started.supervisor(), signal.SIGKILL)
    wait_until(lambda: not serving(own), "the end of the workers")
    screen = own.folder / "screen"
    with screen.open("wb") as output:
        # Where the tests run in the background SIGINT is ignored, and bash cannot undo that.
        run = subprocess.Popen(
            own.command("run"), env=own.environment(), stdout=output, stderr=output,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    wait_until(lambda: "Try it:" in screen.read_text() or run.poll(), "the start", 120)
    assert run.poll() is None, screen.read_text()
    return run, screen


def test_a_start_clears_away_what_a_crash_has_left(own, foreground):
    assert Stack(own.run_dir).post(JPEG).status_code == 200
    assert programs(own) - PARTS == {"bash", "tail"}


def test_in_the_foreground_the_log_of_the_workers_is_shown(own, foreground):
    _, screen = foreground
    before = screen.read_text().count('"method":"POST"')
    assert Stack(own.run_dir).post(JPEG).status_code == 200
    wait_until(lambda: screen.read_text().count('"method":"POST"') > before, "the log's line")


def test_ctrl_c_ends_all_that_runs_in_the_foreground(own, foreground):
    run, _ = foreground
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=120) == 0
    assert own.processes() == {}


def test_stopping_twice_or_nothing_at_all_is_harmless(own, idle):
    for copy in (own, own, idle):
        done = copy.script("stop")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_taken_port_is_said_before_anything_is_started(idle):
    with taken_port() as port:
        done = idle.script("run", "--detach", HTTP_PORT=str(port))
    assert_refused(done, f"port {port} is taken; set HTTP_PORT to another one, or to auto")


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(idle, port):
    done = idle.script("run", "--detach", HTTPS_PORT=port)
    assert_refused(done, f"HTTPS_PORT is a port or auto, not {port}")


def test_a_folder_too_deep_for_a_socket_is_refused(idle):
    deep = idle.folder / ("deep" * 25)
    done = idle.script("run", "--detach", RUN_DIR=str(deep))
    limit = "the 97 bytes that a socket's path may have"
    assert_refused(done, f"{deep}/photodrop.sock is longer than {limit}: set RUN_DIR")


def test_an_own_store_that_does_not_answer_is_said_in_one_sentence(stack, idle):
    url = f"http://127.0.0.1:{NOWHERE}"
    done = idle.script(
        "run", "--detach", **{**launch.backing(stack), "S3_ENDPOINT_URL": url}
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"run: the S3 store at {url} does not answer: ")


def test_an_own_database_that_does_not_answer_is_said_without_its_password(stack, idle):
    url = f"postgresql://user:secretpassword@127.0.0.1:{NOWHERE}/photos"
    done = idle.script("run", "--detach", **{**launch.backing(stack), "DATABASE_URL": url})
    assert done.returncode == 1
    log = idle.run_dir / "log" / "migrate.log"
    sentence = f"run: the database could not be migrated; the whole log is {log}"
    assert done.stderr.splitlines()[-1] == sentence
    assert "Connection refused" in done.stderr
    assert "secretpassword" not in done.stdout + done.stderr + log.read_text()


def test_wrong_settings_are_listed_and_nothing_is_left_running(stack, idle):
    done = idle.script("run", "--detach", **launch.backing(stack), WORKERS="many", LIST_MAX="x")
    assert done.returncode == 1
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("run: photodrop does not accept the settings; ")
    assert "  WORKERS must be " in done.stderr
    assert "  LIST_MAX must be " in done.stderr


@pytest.fixture
def ordinary_user():
    name = f"photodrop-{os.getpid()}"
    subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", name], check=True)
    yield pwd.getpwnam(name)
    subprocess.run(["userdel", name], check=True, capture_output=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="all these tests run as an ordinary user then")
def test_an_ordinary_user_runs_it_all(stack, ordinary_user):
    uid, gid = str(ordinary_user.pw_uid), str(ordinary_user.pw_gid)
    as_user = ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups"]
    own = launch.OwnStack(stack.program(), as_user)
    subprocess.run(["chown", "-R", f"{uid}:{gid}", own.folder], check=True)
    try:
        assert own.start().post(JPEG).status_code == 200
        assert programs(own) == PARTS
        owners = {os.stat(f"/proc/{pid}").st_uid for pid in own.processes()}
        assert owners == {ordinary_user.pw_uid}
    finally:
        own.close()
