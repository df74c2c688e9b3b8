"""A Debian 12 machine without a network, for the tests to install on, load, restart and reboot."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from contained import Contained
from tree import Tree, mirror, nspawn, tail

PROGRAMS = ("debootstrap", "systemd-nspawn", "nsenter", "unshare")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = (f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")
REBOOT = 133  # how systemd-nspawn ends when what it runs wants to be started again


class CannotBoot(Exception):
    """Why nothing can be booted here, in a sentence."""


def wait_until(condition, what, seconds=60):
    """Polls until condition() is true and returns its value; fails naming `what`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


class Machine:
    """Powered off at first. All of it is in one folder, and gone after close()."""

    def __init__(self, say=print):
        """`say` is told how long each step takes."""
        # The tree has a gigabyte, which a /tmp in memory may lack.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photodrop-machine-", dir="/var/tmp"))
        self.console = self.folder / "console.log"
        self._tree = Tree(self.folder, say)
        self._say = say
        self._running = None  # the systemd-nspawn
        self._leader = None  # the machine's first process, by the host's number

    def close(self):
        self.kill()
        subprocess.run(["rm", "-rf", "--one-file-system", self.folder], check=True)

    def build(self, packages, downloads):
        """Takes a minute or two; see Tree.build for the two lists."""
        self._check_host()
        self._tree.build(packages, downloads)

    def _check_host(self):
        """What can be told at once; the rest is told by the first boot."""
        if os.geteuid() != 0:
            raise CannotBoot("only root can boot a tree")
        missing = [program for program in PROGRAMS if not shutil.which(program)]
        if missing:
            raise CannotBoot(f"there is no {missing[0]} here")
        if mirror() is None:
            raise CannotBoot("the apt here has no source of Debian 12")
        # The host's own /usr will do to see whether systemd-nspawn may do what it has to.
        if self._start("/", "--volatile=yes", "/usr/bin/true").wait(60) != 0:
            raise CannotBoot(f"systemd-nspawn does not work: {tail(self.console)}")

    def _start(self, tree, *words):
        with self.console.open("ab") as log:
            return Contained(self._tree.name, nspawn(self._tree.name, tree, *words), log)

    # Power.

    def boot(self):
        """Returns when all services that start with the machine have done so, or failed to."""
        began = time.monotonic()
        self._running = self._start(self._tree.root, "--boot")
        try:
            wait_until(self._is_up, "the end of the boot", 90)
        except AssertionError as why:
            self.kill()
            raise CannotBoot(f"{why}: {tail(self.console)}") from None
        self._say(f"boot: {time.monotonic() - began:.1f} s")

    def reboot(self):
        """An orderly one, by the machine's systemd."""
        self._shut_down("reboot", REBOOT)
        self.boot()

    def poweroff(self):
        self._shut_down("poweroff", 0)

    def kill(self):
        """The power is cut; what was written to files stays. Does nothing when it is off."""
        if self._running:
            self._running.end()
        self._running = self._leader = None

    def _shut_down(self, how, expected):
        self.run("systemctl", how, check=False)  # may be ended by what it has asked for
        status = self._running.wait(120)
        self._running = self._leader = None
        assert status == expected, f"{how} ended with {status}: {tail(self.console)}"

    def _is_up(self):
        assert not self._running.has_ended(), "systemd-nspawn has ended"
        self._leader = self._running.first()
        if self._leader is None:
            return False
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    # What goes on in it.

    def run(self, *words, input="", check=True):
        """Runs a command in the machine, as root and in /, and returns how it ended, as text.

        One that fails fails the test, unless `check` is false.
        """
        done = subprocess.run(
            self.inside(*words),
            input=input,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done

    def inside(self, *words):
        """The words that run a command in the machine, for subprocess."""
        return self._enter("--all", "env", "-i", *ENVIRONMENT, *words)

    def in_network(self, *words):
        """The words that run a program of the host on the machine's loopback, for subprocess.

        Until the machine's next boot, which is the beginning of another network.
        """
        return self._enter("--net", *words)

    def path(self, inside):
        """Where the host finds a file of the machine, for reading and for writing.

        Not below /tmp, /run, /dev, /proc and /sys, which are there only while the machine runs. A
        link that leads to the host's own files, as absolute ones do, is refused.
        """
        path = (self._tree.root / str(inside).lstrip("/")).resolve()
        assert path.is_relative_to(self._tree.root.resolve()), f"{inside} is the host's {path}"
        return path

    def _enter(self, *words):
        assert self._leader, "the machine is off"
        return ["nsenter", f"--target={self._leader}", *map(str, words)]
