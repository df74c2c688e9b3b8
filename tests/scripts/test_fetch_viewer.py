"""scripts/fetch-viewer: whole or not at all, and fetched once. npm is one of the test's own."""

import os
import shutil
import subprocess

import pytest

from stack import CHECKOUT

PACKAGE = "node_modules/swagger-ui-dist"
FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "index.html", "LICENSE", "NOTICE")
FETCHES = f"mkdir -p {PACKAGE}\n" + "".join(f"echo {name} >{PACKAGE}/{name}\n" for name in FILES)


@pytest.fixture
def checkout(tmp_path):
    """What the script needs of a checkout, and a folder `bin` for npm."""
    shutil.copytree(CHECKOUT / "scripts", tmp_path / "scripts")
    shutil.copytree(CHECKOUT / "nginx" / "viewer", tmp_path / "nginx" / "viewer")
    (tmp_path / "bin").mkdir()
    for program in ("bash", "dirname", "cmp", "mkdir", "mktemp", "cp", "rm", "chmod", "tail", "sed"):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program))
    return tmp_path


def fetch(checkout, npm=None):
    if npm is not None:
        (checkout / "bin" / "npm").write_text(f"#!/bin/bash\nset -e\n{npm}")
        (checkout / "bin" / "npm").chmod(0o755)
    path = str(checkout / "bin")
    done = subprocess.run(
        [checkout / "scripts" / "fetch-viewer"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


def built(checkout):
    folder = checkout / "build"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


WHOLE = [
    *("viewer/LICENSE", "viewer/NOTICE", "viewer/docs/swagger-ui-bundle.js"),
    *("viewer/docs/swagger-ui.css", "viewer/package-lock.json"),
]


def test_what_a_browser_loads_is_fetched_once(checkout):
    assert fetch(checkout, FETCHES) == (0, "")
    assert built(checkout) == WHOLE
    assert fetch(checkout, "exit 1") == (0, "")
    assert built(checkout) == WHOLE


def test_another_version_takes_the_place_of_the_one_there(checkout):
    fetch(checkout, FETCHES)
    (checkout / "nginx" / "viewer" / "package-lock.json").write_text("{}")
    assert fetch(checkout, FETCHES.replace("echo", "echo new")) == (0, "")
    assert built(checkout) == WHOLE
    assert (checkout / "build/viewer/docs/swagger-ui.css").read_text() == "new swagger-ui.css\n"


def test_without_npm_it_says_so(checkout):
    status, said = fetch(checkout)
    assert (status, built(checkout)) == (1, [])
    assert "the viewer of /docs comes from npm, which is not installed" in said


def test_what_npm_says_of_its_failure_is_shown_and_nothing_is_left(checkout):
    status, said = fetch(checkout, "echo no such registry; exit 1")
    assert (status, built(checkout)) == (1, [])
    assert "no such registry" in said and "npm could not fetch the viewer of /docs" in said
