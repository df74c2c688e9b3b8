"""scripts/chaos, for a few seconds."""

import os
import re
import subprocess

import pytest

from stack import CHECKOUT


def chaos(*options):
    return subprocess.run(
        [CHECKOUT / "scripts" / "chaos", *options],
        env={**os.environ, "PRESET": "dev"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_a_few_seconds_of_chaos_lose_orphan_and_duplicate_nothing():
    done = chaos("--minutes", "0.1", "--seed", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    table = {
        name.strip(): int(number.replace(",", ""))
        for name, number in re.findall(r"^( *[a-z ]+?) +([\d,]+)$", done.stdout, re.M)
    }
    assert table["requests"] >= table["acknowledged"] > 0
    killed = sum(number for name, number in table.items() if name.endswith(" killed"))
    assert table["faults injected"] == killed > 0
    assert [table[name] for name in ("lost", "orphaned", "duplicated")] == [0, 0, 0]


@pytest.mark.parametrize("options", [["--minutes"], ["--minutes", "many"], ["now"]])
def test_what_is_no_option_is_refused(options):
    done = chaos(*options)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "chaos: usage: chaos [--minutes N] [--seed N]\n"
