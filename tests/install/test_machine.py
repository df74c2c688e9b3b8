"""The machine that the other tests here run on."""

import contextlib
import os
import pathlib
import shutil
import subprocess

import pytest

from contained import ON_THE_HOST, Contained
from machine import Machine, wait_until

CONTROL = """Package: needy
Version: 1
Architecture: all
Maintainer: nobody <nobody@localhost>
Depends: libpugixml1v5, libpqxx-6.4
Description: needs two libraries
"""


def processes_in(namespace):
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(process / "ns" / "pid") == namespace:
                found.append(process.name)
    return found


def boot_id(machine):
    return machine.run("cat", "/proc/sys/kernel/random/boot_id").stdout


def power_cut(machine):
    machine.kill()
    machine.boot()


def off_and_on(machine):
    machine.poweroff()
    machine.boot()


def needy_package(folder):
    (folder / "needy" / "DEBIAN").mkdir(parents=True)
    (folder / "needy" / "DEBIAN" / "control").write_text(CONTROL)
    command = ["dpkg-deb", "--build", "--root-owner-group", folder / "needy", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "needy_1_all.deb"


def test_all_that_starts_with_the_machine_runs(machine):
    assert machine.run("systemctl", "is-system-running", check=False).stdout == "running\n"
    for unit in ("nginx", "postgresql@15-main"):
        assert machine.run("systemctl", "is-active", unit).stdout == "active\n"


def test_the_machine_has_a_loopback_and_no_other_network(machine):
    links = machine.run("ip", "-brief", "link").stdout.splitlines()
    assert [link.split()[0] for link in links] == ["lo"]
    assert machine.run("ip", "route").stdout == ""
    could_not_connect = 7
    assert machine.run("curl", "http://192.0.2.1/", check=False).returncode == could_not_connect


def test_a_program_of_the_host_reaches_the_machine_by_its_loopback(machine):
    machine.run("sh", "-c", "cat >/var/www/html/here.txt", input="the machine's page")
    answer = subprocess.check_output(machine.in_network("curl", "-s", "http://127.0.0.1/here.txt"))
    assert answer == b"the machine's page"


@pytest.mark.parametrize("restart", [Machine.reboot, off_and_on, power_cut])
def test_a_restart_keeps_the_files_and_nothing_else(machine, restart):
    before = boot_id(machine)
    machine.run("sh", "-c", "echo $$ >/root/kept; echo $$ >/run/lost")
    kept = machine.path("/root/kept").read_text()
    restart(machine)
    assert boot_id(machine) != before
    assert machine.run("cat", "/root/kept").stdout == kept
    assert machine.run("test", "-e", "/run/lost", check=False).returncode == 1


def test_apt_installs_from_its_cache_as_often_as_it_is_told(machine, tmp_path):
    shutil.copy(needy_package(tmp_path), machine.path("/root"))
    names = ("needy", "libpugixml1v5", "libpqxx-6.4")
    for _ in range(2):
        machine.run("apt", "install", "-y", "/root/needy_1_all.deb")
        shown = machine.run("dpkg-query", "-W", "-f", "${db:Status-Status} ", *names)
        assert shown.stdout == "installed installed installed "
        machine.run("apt", "purge", "-y", "--auto-remove", "needy")
    assert machine.run("dpkg", "-s", *names, check=False).returncode == 1


def test_a_link_to_the_host_is_no_path_of_the_machine(machine):
    with pytest.raises(AssertionError, match="is the host's /etc/nginx/sites-available/default"):
        machine.path("/etc/nginx/sites-enabled/default")


def test_a_command_that_fails_in_the_machine_fails_with_what_it_said(machine):
    with pytest.raises(AssertionError, match="no such thing"):
        machine.run("sh", "-c", "echo no such thing >&2; exit 3")


def test_nothing_outlives_a_command_that_was_ended(tmp_path):
    name = f"photodrop-test-{os.getpid()}"
    command = [*ON_THE_HOST, "sh", "-c", "setsid sleep 1000 & sleep 1000"]
    with (tmp_path / "log").open("wb") as log:
        contained = Contained(name, command, log)
    try:
        shell = wait_until(contained.first, "the shell", 30)
        namespace = os.readlink(f"/proc/{shell}/ns/pid")
        wait_until(lambda: len(processes_in(namespace)) == 3, "the shell and two others", 30)
    finally:
        contained.end()
    assert processes_in(namespace) == []
    assert list(pathlib.Path("/sys/fs/cgroup").glob(f"**/{name}")) == []
