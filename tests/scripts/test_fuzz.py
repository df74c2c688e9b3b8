"""scripts/fuzz, as far as it goes without a build by clang. tests/fuzz has the rest."""

import subprocess

import pytest

from stack import CHECKOUT


def fuzz(*options):
    return subprocess.run(
        [CHECKOUT / "scripts" / "fuzz", *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "options", [["--minutes"], ["--minutes", "0"], ["--minutes", "1.5"], ["--seconds", "1"]]
)
def test_what_is_no_option_is_refused(options):
    done = fuzz(*options)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "fuzz: usage: fuzz [--minutes N] [TARGET...]\n"


def test_it_tells_how_it_is_used():
    done = fuzz("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "fuzz [--minutes N] [TARGET...]" in done.stdout
