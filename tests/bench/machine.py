"""The machine that was measured, as names and texts."""

import os
import pathlib
import platform
import subprocess

PACKAGES = "nginx postgresql radosgw libcurl4 openssl python3-fastapi uvicorn python3-boto3 wrk"


def describe():
    cpu = pathlib.Path("/proc/cpuinfo").read_text().split("model name\t: ", 1)[-1].split("\n")[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": str(os.cpu_count()),
        "CPU": cpu,
        "memory": f"{memory / 2**30:.0f} GiB",
        "kernel": platform.release(),
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        **versions(),
    }


def versions():
    form = "${Package} ${Version}\n"
    command = ["dpkg-query", "-W", "-f", form, *PACKAGES.split()]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    return dict(line.split(" ", 1) for line in lines)
