import pathlib
import signal
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from machine import CannotBoot, Machine  # noqa: E402
from service import CHECKOUT, HOST, Service  # noqa: E402

CANNOT_BOOT = 77  # the exit status by which scripts/test knows
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# What photodrop will find installed, and what it brings along.
BACKENDS = ("nginx", "postgresql")
DEPENDENCIES = ("libfcgi0ldbl", "libpqxx-6.4", "libpugixml1v5", "libvips42", "openssl")


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


# In the order of the files, the package is built, installed, set up, upgraded and purged once.


@pytest.fixture(scope="session")
def package():
    return build_package()


@pytest.fixture(scope="session")
def newer_package(package):
    return build_package("99.0.0")


def build_package(*version):
    command = [CHECKOUT / "scripts" / "package", *version]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return CHECKOUT / done.stdout.strip()


@pytest.fixture(scope="session")
def unconfigured(machine, package):
    """The installed package, and what apt has printed."""
    service = Service(machine)
    return service, service.install(package)


@pytest.fixture(scope="session")
def service(unconfigured):
    """photodrop, set up on one machine with its database and store."""
    service, _ = unconfigured
    service.start_store()
    access_key, secret_key = service.keys()
    options = {"domain": HOST, "database": "local", "store": "http://localhost:9000"}
    options |= {"access-key": access_key, "secret-key-file": "-"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    for limit in ("UPLOADS_PER_MINUTE", "UPLOADS_PER_MINUTE_PER_TOKEN"):
        words += ["--set", f"{limit}=0"]  # all clients under load have one address and one token
    service.take_token(service.setup(*words, secret=secret_key + "\n").stdout)
    return service
