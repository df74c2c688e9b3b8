import pathlib
import signal
import sys
import tempfile
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import description as api  # noqa: E402
import launch  # noqa: E402
import stack as running  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "faults: breaks what others use; wants a stack to itself")
    # Told to end, it puts away what it has started first; in the background SIGINT is ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


class Once:
    """A function that does something the first time only."""

    def __init__(self, function):
        self.function = function

    def __call__(self):
        function, self.function = self.function, lambda: None
        function()


@pytest.fixture(scope="session")
def stack():
    stack = running.from_environment()
    stack.stop_reaper()
    return stack


@pytest.fixture(scope="session")
def spare(stack):
    """A second nginx over the same database and store, for supervisors of a test's own."""
    own = launch.OwnStack(stack.program())
    try:
        own.start(**launch.backing(stack))
        own.take_supervisor()
        yield own
    finally:
        own.close()


@pytest.fixture
def token_name():
    """One that no other token has."""
    return f"test {uuid.uuid4()}"


@pytest.fixture
def token(stack):
    """Makes tokens, in force on every stack over this database until the test has ended."""
    names = []

    def make(scope="upload,read,delete", name=None, life=None):
        names.append(name or f"test {uuid.uuid4()}")
        expires = ["--expires", life] if life else []
        done = stack.run("token", "create", names[-1], "--scope", scope, *expires)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    yield make
    stack.rows("DELETE FROM photodrop_tokens WHERE name = ANY(%s)", names)


@pytest.fixture
def locked(spare):
    """A service that asks for a token whatever is asked of it."""
    with spare.serving(AUTH="all"):
        yield spare.stack


@pytest.fixture
def tidy(stack):
    """Removes the rows, and their objects, of the uploads that the test cuts off."""
    yield
    cut_off = "DELETE FROM photos WHERE state = 'pending' RETURNING photo_name"
    for (key,) in stack.rows(cut_off):
        stack.store().delete_object(Bucket=stack.bucket, Key=key)


@pytest.fixture
def unchanged(stack):
    """The test leaves no row and no object behind."""
    before = stack.snapshot()
    yield
    assert stack.snapshot() == before


@pytest.fixture
def folder():
    """A folder for the files of one test; gone with it."""
    with tempfile.TemporaryDirectory(prefix="photodrop-test-") as name:
        yield pathlib.Path(name)


@pytest.fixture
def stopped_store(stack):
    """Starts the store again at the end, unless the test has, and waits until it is used."""
    stack.stop_store()
    starter = Once(lambda: (stack.start_store(), stack.wait_until_ready()))
    yield starter
    starter()


@pytest.fixture
def stopped_database(stack):
    stack.stop_database()
    starter = Once(lambda: (stack.start_database(), stack.wait_until_ready()))
    yield starter
    starter()


@pytest.fixture(scope="session")
def description():
    """The API's own."""
    return api.Description.of_the_service()


@pytest.fixture(scope="session", autouse=True)
def every_answer_is_as_described(description):
    with pytest.MonkeyPatch.context() as patch:
        api.watch_requests(description, patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_sanitizer_complains(stack):
    yield
    assert running.sanitizer_complaints(stack.log()) == []


@pytest.fixture(scope="session", autouse=True)
def no_secret_is_logged(stack):
    yield
    assert stack.logged_secrets() == []
