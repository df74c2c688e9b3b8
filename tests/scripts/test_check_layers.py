"""scripts/check-layers: arrows go one way, and each library has its place."""

import pathlib
import shutil
import subprocess

import pytest

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
SPELLINGS = ('#include "%s"', '  #include "%s"', '# include "%s"', '#include"%s"')


@pytest.fixture
def copy(tmp_path):
    """A folder with the sources in it, to add to."""
    shutil.copytree(CHECKOUT / "src", tmp_path / "src")
    return tmp_path


def check(root=None):
    command = [CHECKOUT / "scripts" / "check-layers"] + ([root] if root else [])
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def add(copy, file, line):
    path = copy / file
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as source:
        source.write(f"{line}\n")


def assert_rejected(copy, file, complaint):
    """The file added to is the one at fault."""
    done = check(copy)
    assert done.returncode == 1
    assert done.stdout == f"{file} {complaint}\n"
    assert done.stderr == "1 includes break the layers\n"


def test_the_sources_as_they_are_pass(copy):
    for done in (check(), check(copy)):
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "file, included, permitted",
    [
        ("src/base/text.cc", "image/probe.h", "itself"),
        ("src/http/problem.h", "photos/photo.h", "base"),
        ("src/image/probe.cc", "http/problem.h", "base"),
        ("src/photos/uploader.cc", "http/problem.h", "base image"),
        ("src/photos/uploader.cc", "s3/client.h", "base image"),
        ("src/s3/client.cc", "db/session.h", "base photos"),
        ("src/db/session.h", "s3/curl.h", "base access photos"),
        ("src/api/photo_api.cc", "s3/client.h", "base http access metrics photos"),
        ("src/access/gate.cc", "http/request.h", "base"),
        ("src/server/worker.cc", "photos/photo.h", "base http metrics"),
    ],
)
def test_an_include_against_the_arrows_is_rejected(copy, file, included, permitted):
    add(copy, file, f'#include "{included}"')
    layer = file.split("/")[1]
    assert_rejected(copy, file, f"includes {included}: {layer} may include only {permitted}")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_include_is_seen_however_it_is_spelled(copy, spelling):
    add(copy, "src/base/text.cc", spelling % "http/status.h")
    assert_rejected(
        copy, "src/base/text.cc", "includes http/status.h: base may include only itself"
    )


def test_an_include_of_what_puts_all_together_is_rejected(copy):
    add(copy, "src/api/photo_api.cc", '#include "config.h"')
    complaint = "includes config.h: only main.cc and its neighbours may"
    assert_rejected(copy, "src/api/photo_api.cc", complaint)


def test_a_folder_that_is_no_layer_is_rejected(copy):
    add(copy, "src/utils/all.h", '#include "base/text.h"')
    assert_rejected(copy, "src/utils/all.h:", "utils is not a layer")


@pytest.mark.parametrize(
    "file, header, home",
    [
        ("src/s3/signer.cc", "openssl/evp.h", "src/base/digest.cc"),
        ("src/api/photo_json.cc", "rapidjson/writer.h", "src/base/json.cc"),
        ("src/s3/client.cc", "curl/curl.h", "src/s3/curl"),
        ("src/main.cc", "pqxx/pqxx", "src/db/"),
        ("src/process/child.cc", "vips/vips.h", "src/thumbnail/shrink.cc"),
        ("src/server/supervisor.cc", "seccomp.h", "src/thumbnail/confinement.cc"),
    ],
)
def test_a_library_away_from_its_place_is_rejected(copy, file, header, home):
    add(copy, file, f"#include <{header}>")
    assert_rejected(copy, file, f"includes <{header}>: its place is {home}")


def test_every_fault_is_told_and_counted(copy):
    add(copy, "src/base/text.cc", '#include "http/status.h"')
    add(copy, "src/base/text.cc", "#include <curl/curl.h>")
    add(copy, "src/main.cc", "#include <vips/vips.h>")
    done = check(copy)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    assert done.stderr == "3 includes break the layers\n"


def test_main_and_its_neighbours_may_include_every_layer(copy):
    for included in ("api/photo_api.h", "db/migrations.h", "s3/client.h", "config.h"):
        add(copy, "src/main.cc", f'#include "{included}"')
    assert check(copy).returncode == 0


def test_an_include_in_a_comment_is_none(copy):
    add(copy, "src/base/text.cc", '// #include "http/status.h"')
    assert check(copy).returncode == 0
