"""Stacks that a test starts, breaks and stops by itself, each in a folder of its own."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from stack import CHECKOUT, Stack, sanitizer_complaints, wait_until

SHARED = ("DATABASE_URL", "S3_ENDPOINT_URL", "BUCKET_NAME", "AWS_ACCESS_KEY", "AWS_SECRET_KEY")
POOLS = ("WORKERS", "UPLOAD_WORKERS", "THUMBNAIL_WORKERS")
THUMBNAIL_PROGRAM = "photodrop-thumbnail"
NOTHING_TO_BUILD = """
cmake_minimum_required(VERSION 3.25)
project(built NONE)
add_custom_target(photodrop)
"""


def backing(stack):
    """The settings by which another stack uses this one's database and store."""
    return {name: stack.env[name] for name in SHARED}


def pools(*workers):
    """The settings for so many workers of each pool: api, upload, thumbnail."""
    return dict(zip(POOLS, map(str, workers)))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class OwnStack:
    """A copy of the checkout in which photodrop is built already, and its scripts.

    A copy has no .env and compiles nothing, and all its processes name its folder.
    """

    def __init__(self, program, as_user=()):
        # Directly under /tmp: the path of a UNIX socket has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photodrop-", dir="/tmp"))
        self.run_dir = self.folder / "run"
        self.socket = self.run_dir / "photodrop.sock"
        names = "photodrop.sock", "photodrop-upload.sock", "photodrop-thumbnail.sock"
        self.sockets = [self.run_dir / name for name in names]  # api, upload, thumbnail
        self.program = self.folder / "build" / "dev" / "photodrop"
        self.as_user = as_user  # what runs a command as another user
        self.stack = None
        self.settings = {}
        for part in ("scripts", "nginx"):
            shutil.copytree(CHECKOUT / part, self.folder / part)
        shutil.copy(CHECKOUT / "CMakePresets.json", self.folder)
        (self.folder / "CMakeLists.txt").write_text(NOTHING_TO_BUILD)
        self.program.parent.mkdir(parents=True)
        for each in ("photodrop", THUMBNAIL_PROGRAM):
            shutil.copy(pathlib.Path(program).with_name(each), self.program.with_name(each))

    def environment(self, **settings):
        """Nothing but this: the settings of whoever runs the tests do not count."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "RUN_DIR": str(self.run_dir),
            "PRESET": "dev",
            "LSAN_OPTIONS": os.environ.get("LSAN_OPTIONS", ""),
            "VIEWER_ROOT": str(CHECKOUT / "build" / "viewer"),  # whatever is there
            **{f"{name}_PORT": "auto" for name in ("HTTP", "HTTPS", "S3", "PG")},
            **settings,
        }

    def command(self, script, *arguments):
        return [*self.as_user, self.folder / "scripts" / script, *arguments]

    def script(self, script, *arguments, **settings):
        """Runs a script to its end and returns what became of it."""
        return subprocess.run(
            self.command(script, *arguments),
            env=self.environment(**settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )

    def start(self, **settings):
        done = self.script("run", "--detach", **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        self.stack = Stack(self.run_dir)
        return self.stack

    def stop(self):
        done = self.script("stop")
        assert done.returncode == 0, done.stdout + done.stderr

    def processes(self):
        """The command lines, by pid, of all processes that have to do with this stack."""
        found = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes()
                # PostgreSQL's processes write over their environment, but stay in the folder.
                traces = words + (process / "environ").read_bytes()
                if str(self.folder) in f"{traces} {os.readlink(process / 'cwd')}":
                    found[int(process.name)] = words.replace(b"\0", b" ").decode()
        return found

    def close(self):
        """Stops it, sees that nothing of it runs any more, and removes its files."""
        self.stop()
        wait_until(lambda: not self.processes(), f"the end of {self.processes()}")
        log = self.stack.log() if self.stack else ""
        shutil.rmtree(self.folder)
        assert sanitizer_complaints(log) == []

    # A supervisor of the test's own, in the place of the one that scripts/run has started.

    def take_supervisor(self):
        """Ends supervisor and reaper; nginx stays, for what is serving() next."""
        self.stack.stop_reaper()
        self.settings = self.stack.supervisor_environment()
        os.kill(self.stack.supervisor(), signal.SIGTERM)
        wait_until(lambda: not self.socket.exists(), "the end of the supervisor")

    @contextlib.contextmanager
    def serving(self, **changes):
        """A supervisor with these settings beside the stack's own; None takes one away."""
        settings = {**self.settings, **changes}
        settings = {name: text for name, text in settings.items() if text is not None}
        with self.served_log_path().open("wb") as log:
            supervisor = subprocess.Popen(
                [self.program, "serve"], cwd=self.folder, env=settings, stdout=log, stderr=log
            )
        (self.run_dir / "photodrop.pid").write_text(f"{supervisor.pid}\n")
        try:
            wait_until(lambda: "supervisor started" in self.served_log(), "the supervisor")
            yield supervisor
        finally:
            supervisor.terminate()
            supervisor.wait(timeout=90)
        assert sanitizer_complaints(self.served_log()) == []

    def served_log_path(self):
        return self.run_dir / "log" / "serving.log"

    def served_log(self):
        return self.served_log_path().read_text()
