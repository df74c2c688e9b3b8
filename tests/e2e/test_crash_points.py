"""Killed after any step of an upload, a deletion or a reaping, nothing is lost or left."""

import contextlib
import json
import re
import signal
import subprocess
import uuid

import pytest
import requests

from audit import Deletion, Try, audit, end_leases, run_reap
from crowd import sha256
from load import fresh_photo, upload
from stack import CHECKOUT, ORIGIN, wait_until

pytestmark = pytest.mark.faults

# What a client hears, until it is accepted, when it repeats an upload that was killed there.
UPLOADS = {
    "begin-uncommitted": [200],
    "upload-begun": [409, 200],
    "upload-written": [409, 200],
    "upload-stored": [200],
}
REAPS = ["delete-removed", "bury-uncommitted", "delete-buried"]
DELETIONS = ["delete-taken", *REAPS]
THUMBNAILS = ["thumbnail-claimed", "thumbnail-written"]


def upload_until_accepted(stack, content, key):
    """Where the key is held by the upload that was killed, its lease ends."""
    tries = [upload(stack, content, key)]
    while tries[-1].answer.status_code == 409 and len(tries) < 5:
        end_leases(stack)
        tries.append(upload(stack, content, key))
    return tries


def delete(stack, photo):
    headers = {"Origin": ORIGIN}
    return Deletion(
        requests.delete(f"{stack.photos_url}/{photo}", headers=headers, timeout=60), photo
    )


@contextlib.contextmanager
def killing_at(own, place):
    """A stack whose worker is killed there; that happens once, to the one request of the test."""
    with own.serving(CRASH_AT=place, WORKERS="1"):
        yield own.stack
        wait_until(lambda: signals(own), f"a worker to be killed at {place}")
        assert signals(own) == [signal.SIGKILL]


def signals(own):
    """By which the workers died that the supervisor has logged so far."""
    lines = [line for line in own.served_log().splitlines() if '"worker died"' in line]
    return [json.loads(line)["signal"] for line in lines]


def states(stack, content):
    sql = "SELECT state FROM photos WHERE sha256 = decode(%s, 'hex')"
    return [state for (state,) in stack.rows(sql, sha256(content))]


@pytest.mark.parametrize("place", UPLOADS)
def test_an_upload_that_was_killed_is_repeated_into_one_photo(stack, spare, place):
    content, key = fresh_photo(), str(uuid.uuid4())
    with killing_at(spare, place) as broken:
        killed = upload(broken, content, key)
    stack.assert_problem(killed.answer, 503, "busy")
    with spare.serving(WORKERS="1"):
        again = upload_until_accepted(spare.stack, content, key)
    assert [each.answer.status_code for each in again] == UPLOADS[place]
    replayed = again[-1].answer.headers.get("Idempotent-Replayed")
    assert replayed == ("true" if place == "upload-stored" else None)
    findings = audit(stack, [killed, *again])
    findings.assert_clean()
    assert findings.acknowledged == 1
    assert states(stack, content) == ["stored"]


@pytest.mark.parametrize("place", [place for place in UPLOADS if place != "begin-uncommitted"])
def test_an_upload_without_a_key_that_was_killed_is_reaped(stack, spare, place):
    content = fresh_photo()
    with killing_at(spare, place) as broken:
        killed = Try(broken.post(content), content, None)
    stack.assert_problem(killed.answer, 503, "busy")
    audit(stack, [killed]).assert_clean()
    assert states(stack, content) == (["stored"] if place == "upload-stored" else [])


@pytest.mark.parametrize("place", DELETIONS)
def test_a_deletion_that_was_killed_is_finished(stack, spare, place):
    accepted = upload(stack)
    photo = accepted.answer.json()["id"]
    with killing_at(spare, place) as broken:
        killed = delete(broken, photo)
    stack.assert_problem(killed.answer, 503, "busy")
    again = delete(stack, photo)
    stack.assert_problem(again.answer, 404, "not-found")
    audit(stack, [accepted], [killed, again]).assert_clean()
    assert stack.rows("SELECT state FROM photos WHERE id = %s", photo) == [("tombstone",)]


@pytest.mark.parametrize("place", REAPS)
def test_a_reaper_that_was_killed_leaves_its_upload_to_the_next(stack, spare, place):
    content = fresh_photo()
    with killing_at(spare, "upload-written") as broken:
        cut_off = Try(broken.post(content), content, None)
    end_leases(stack)
    assert run_reap(stack, CRASH_AT=place).returncode == -signal.SIGKILL
    audit(stack, [cut_off]).assert_clean()
    assert states(stack, content) == []


@pytest.mark.parametrize("place", REAPS)
def test_a_reaper_that_was_killed_leaves_its_tombstone_to_the_next(stack, place):
    accepted = upload(stack)
    photo = accepted.answer.json()["id"]
    deletion = delete(stack, photo)
    assert deletion.answer.status_code == 204
    let_rest_end(stack, photo)
    assert run_reap(stack, CRASH_AT=place).returncode == -signal.SIGKILL
    let_rest_end(stack, photo)
    audit(stack, [accepted], [deletion]).assert_clean()
    assert stack.rows("SELECT state FROM photos WHERE id = %s", photo) == []


def look(stack, photo):
    link = f"{stack.photos_url}/{photo}/thumbnail"
    return requests.get(link, headers={"Origin": ORIGIN}, timeout=60)


def killed_while_looking(stack, spare, place):
    """A photo whose first thumbnail was killed there."""
    accepted = upload(stack)
    with killing_at(spare, place) as broken:
        stack.assert_problem(look(broken, accepted.answer.json()["id"]), 503, "busy")
    return accepted, accepted.answer.json()["id"]


@pytest.mark.parametrize("place", THUMBNAILS)
def test_a_thumbnail_that_was_killed_is_made_by_the_next(stack, spare, place):
    accepted, photo = killed_while_looking(stack, spare, place)
    stack.rows("UPDATE photodrop_thumbnails SET lease_until = now() WHERE photo = %s", photo)
    assert look(stack, photo).status_code == 200
    audit(stack, [accepted]).assert_clean()


@pytest.mark.parametrize("place", THUMBNAILS)
def test_a_thumbnail_that_was_killed_goes_with_its_photo(stack, spare, place):
    accepted, photo = killed_while_looking(stack, spare, place)
    deletion = delete(stack, photo)
    audit(stack, [accepted], [deletion]).assert_clean()
    let_rest_end(stack, photo)
    audit(stack, [accepted], [deletion]).assert_clean()
    assert stack.rows("SELECT * FROM photodrop_thumbnails WHERE photo = %s", photo) == []


def let_rest_end(stack, photo):
    stack.rows("UPDATE photos SET lease_until = now() - interval '1 s' WHERE id = %s", photo)


def test_every_crash_point_is_tried_here():
    sources = "".join(path.read_text() for path in (CHECKOUT / "src").rglob("*.cc"))
    named = re.findall(r'crash_point\("([a-z-]+)"\)', sources)
    assert sorted(named) == sorted([*UPLOADS, *DELETIONS, *THUMBNAILS])


def test_a_release_has_no_crash_points():
    presets = json.loads((CHECKOUT / "CMakePresets.json").read_text())["configurePresets"]
    [release] = [preset for preset in presets if preset["name"] == "release"]
    assert release["cacheVariables"]["BUILD_TESTING"] == "OFF"
    lines = (CHECKOUT / "CMakeLists.txt").read_text().splitlines()
    at = lines.index("  add_compile_definitions(PHOTODROP_CRASH_POINTS)")
    assert lines[at - 1 : at + 2 : 2] == ["if(BUILD_TESTING)", "endif()"]
    assert "CRASH_AT" in preprocessed("-DPHOTODROP_CRASH_POINTS")
    assert "CRASH_AT" not in preprocessed()


def preprocessed(*options):
    source = CHECKOUT / "src" / "base" / "crash_point.cc"
    command = ["g++", "-std=c++20", "-E", "-P", f"-I{CHECKOUT / 'src'}", *options, source]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
