import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import stack as running  # noqa: E402


@pytest.fixture(scope="session")
def stack():
    return running.from_environment()
