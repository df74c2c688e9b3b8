"""A folder with Debian 12 in it, by debootstrap and the host's apt.

All downloads are made by the apt of the host, by its own settings, and with its mirror, proxies and
certificates; apt inside the tree only ever takes from its cache.
"""

import shlex
import subprocess
import time

from contained import ON_THE_HOST, Contained

SUITE = "bookworm"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"  # on the host and in the tree

# What a minimal tree lacks of a small server.
SERVER = ("systemd-sysv", "dbus", "netbase", "iproute2", "procps", "ca-certificates", "curl")

# Comes with Ceph's disks, and would leave a machine that has none `degraded`.
FAILS_WITHOUT_DISKS = ("nvmf-autoconnect.service",)

# Other than apt-get, apt throws away what it has installed; here it could not get it again.
KEEP_DOWNLOADS = 'Binary::apt::APT::Keep-Downloaded-Packages "true";\n'


def nspawn(name, tree, *words):
    """The words that run a machine of that name, or a command, in a tree, with only a loopback.

    Nobody cuts the power of the host, so that fsync, which is slow, may do nothing.
    """
    options = ("--quiet", "--register=no", "--keep-unit", "--private-network")
    place = ("--suppress-sync=yes", f"--machine={name}", f"--directory={tree}")
    return ["systemd-nspawn", *options, *place, *words]


class Tree:
    def __init__(self, folder, say):
        """`folder` gets the tree and the log of its making; `say` how long each step has taken."""
        self.name = folder.name.replace("_", "0")  # as a host may be called
        self.root = folder / "tree"
        self.log = folder / "build.log"
        self._say = say

    def build(self, packages, downloads):
        """A server with `packages`, none of them started, and in its cache what `downloads` take.

        Those are names of packages, or paths of .deb files whose dependencies are meant.
        """
        wanted = ("install", "--no-install-recommends", *SERVER, *packages)
        self._step("debootstrap", self._debootstrap())
        self._write("etc/apt/sources.list", _sources_list())
        self._write("etc/apt/apt.conf.d/keep-downloads", KEEP_DOWNLOADS)
        self._step("lists", self._host_apt("update"))
        self._step("download", self._host_apt("--download-only", *wanted))
        self._write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
        self._step("install", self._own_apt("--no-download", *wanted))
        (self.root / "usr/sbin/policy-rc.d").unlink()
        self._step("mask", nspawn(self.name, self.root, "systemctl", "mask", *FAILS_WITHOUT_DISKS))
        self._step("clean", self._host_apt("clean"))
        self._step("cache", self._host_apt("--download-only", "install", *downloads))

    def _step(self, what, command):
        began = time.monotonic()
        with self.log.open("ab") as log:
            process = Contained(f"{self.name}-build", command, log)
        try:
            status = process.wait()
        finally:
            process.end()
        if status != 0:
            raise RuntimeError(f"{what} ended with {status}:\n{tail(self.log)}")
        self._say(f"{what}: {time.monotonic() - began:.1f} s")

    def _write(self, path, text, mode=0o644):
        """Only before anything is installed: later a link may lead out of the tree."""
        (self.root / path).write_text(text)
        (self.root / path).chmod(mode)

    def _debootstrap(self):
        options = ("--variant=minbase", f"--keyring={KEYRING}")
        command = ("debootstrap", *options, SUITE, self.root, mirror())
        return [*ON_THE_HOST, "env", *_proxies(), *command]

    def _own_apt(self, *words):
        setting = "--setenv=DEBIAN_FRONTEND=noninteractive"
        return nspawn(self.name, self.root, setting, "apt-get", "-q", "-y", *words)

    def _host_apt(self, *words):
        """The host's apt, with the tree's sources, lists, packages and cache."""
        settings = {
            "Dir::Etc::sourcelist": self.root / "etc/apt/sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self.root / "var/lib/apt",
            "Dir::State::status": self.root / "var/lib/dpkg/status",
            "Dir::Cache": self.root / "var/cache/apt",
        }
        options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        return [*ON_THE_HOST, "apt-get", "-q", "-y", *options, *words]


def mirror():
    """Where the host's apt gets Debian 12 from; None when it knows of none."""
    return next(iter(_debian_sources("$(REPO_URI)", f"Codename: {SUITE}")), None)


def tail(log):
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:])


def _sources_list():
    """Debian's own of the host's sources, for the tree."""
    lines = _debian_sources(f"deb [signed-by={KEYRING}] $(REPO_URI) $(RELEASE) $(COMPONENT)")
    return "".join(f"{line}\n" for line in lines)


def _debian_sources(form, *filters):
    filters = ("Created-By: Packages", "Origin: Debian", *filters)
    lines = _answer("apt-get", "indextargets", "--format", form, *filters).splitlines()
    return list(dict.fromkeys(lines))  # an architecture has a line each


def _proxies():
    """apt's proxies, in the words of debootstrap's downloader."""
    names = ("http_proxy", "Acquire::http::Proxy", "https_proxy", "Acquire::https::Proxy")
    return shlex.split(_answer("apt-config", "shell", *names))


def _answer(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
