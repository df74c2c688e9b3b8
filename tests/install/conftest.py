import pathlib
import signal
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from machine import CannotBoot, Machine  # noqa: E402

CANNOT_BOOT = 77  # the exit status by which scripts/test knows
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# What photodrop will find installed, and what it brings along.
BACKENDS = ("nginx", "postgresql")
DEPENDENCIES = ("libfcgi0ldbl", "libpqxx-6.4", "libpugixml1v5", "openssl")


def pytest_configure():
    for number in SIGNALS:
        signal.signal(number, put_away)


def put_away(*_):
    """Ends the run, and what it has started."""
    let_nothing_interrupt()
    raise KeyboardInterrupt


def let_nothing_interrupt():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session")
def machine(request):
    """One for all tests, so that each leaves it booted and without what it has installed."""

    def say(text):
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(text, flush=True)

    local_s3 = FOLDER.parents[1] / "scripts" / "local-s3"
    store = subprocess.run([local_s3, "packages"], check=True, capture_output=True, text=True)
    machine = Machine(say)
    try:
        machine.build([*BACKENDS, *store.stdout.split()], DEPENDENCIES)
        machine.boot()
        yield machine
    except CannotBoot as why:
        pytest.exit(f"cannot boot a Debian tree: {why}", CANNOT_BOOT)
    finally:
        let_nothing_interrupt()
        machine.close()
