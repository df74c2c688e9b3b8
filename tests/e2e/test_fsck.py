"""`photodrop fsck` and `photodrop reap` as an administrator runs them."""

import json
import os
import pty
import subprocess
import urllib.parse
import uuid

import pytest
import requests

from images import JPEG

IN_TWO_HOURS = """
    CREATE SCHEMA IF NOT EXISTS later;
    CREATE OR REPLACE FUNCTION later.clock_timestamp() RETURNS timestamptz
      LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '2 hours' $$
"""


@pytest.fixture
def two_hours_later(stack):
    """The setting of a command whose database's clock is ahead."""
    stack.rows(IN_TWO_HOURS)
    options = urllib.parse.quote("-csearch_path=later,pg_catalog,public")
    url = stack.supervisor_environment()["DATABASE_URL"]
    yield {"DATABASE_URL": f"{url}?options={options}"}
    stack.rows("DROP SCHEMA later CASCADE")


@pytest.fixture
def object_without_row(stack):
    key = f"{uuid.uuid4()}_orphan & co.jpg"
    stack.store().put_object(Bucket=stack.bucket, Key=key, Body=JPEG)
    yield key
    stack.store().delete_object(Bucket=stack.bucket, Key=key)


def run(stack, *command, **settings):
    """What the command prints: its lines of text, the JSON of the last, its status."""
    done = stack.run(*command, **settings)
    assert done.stderr == ""
    *lines, numbers = done.stdout.splitlines()
    return lines, json.loads(numbers), done.returncode


def test_where_all_is_well_fsck_says_so(stack):
    stack.post(JPEG)
    lines, numbers, status = run(stack, "fsck", "--sample", "20")
    assert (lines, status) == ([], 0)
    assert numbers["objects"] == len(stack.keys())
    assert numbers["rows"] == len(stack.rows())
    assert numbers["sampled"] > 0
    problems = ("orphans", "fixed", "missing", "damaged")
    assert [numbers[name] for name in problems] == [0] * 4


def test_an_object_without_a_row_is_left_alone_for_an_hour(stack, object_without_row):
    lines, numbers, status = run(stack, "fsck", "--fix")
    assert (lines, status) == ([], 0)
    assert (numbers["young"], numbers["orphans"]) == (1, 0)
    assert object_without_row in stack.keys()


def test_an_orphan_is_told_and_deleted_only_when_asked(
    stack, object_without_row, two_hours_later
):
    orphan = [f"orphan {object_without_row}"]
    for options, fixed, status in (([], 0, 1), (["--fix"], 1, 0)):
        lines, numbers, returned = run(stack, "fsck", *options, **two_hours_later)
        assert (lines, returned) == (orphan, status)
        assert (numbers["orphans"], numbers["fixed"]) == (1, fixed)
        assert (object_without_row in stack.keys()) == (fixed == 0)


def test_objects_of_others_are_never_touched(stack, two_hours_later):
    keys = ["backup.tar", "photos/2026/a.jpg", f"{uuid.uuid4()}.jpg", f"x{uuid.uuid4()}_a.jpg"]
    for key in keys:
        stack.store().put_object(Bucket=stack.bucket, Key=key, Body=b"theirs")
    try:
        _, numbers, status = run(stack, "fsck", "--fix", **two_hours_later)
        assert (numbers["foreign"], status) == (len(keys), 0)
        assert set(keys) <= stack.keys()
    finally:
        for key in keys:
            stack.store().delete_object(Bucket=stack.bucket, Key=key)


def test_a_photo_whose_object_is_gone_is_told_and_kept(stack):
    photo = stack.post(JPEG).json()
    ((key,),) = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo["id"])
    stack.store().delete_object(Bucket=stack.bucket, Key=key)
    lines, numbers, status = run(stack, "fsck", "--fix")
    assert (lines, numbers["missing"], status) == ([f"missing {key} id={photo['id']}"], 1, 1)
    assert photo["id"] in [each["id"] for each in stack.list()]
    assert requests.delete(f"{stack.photos_url}/{photo['id']}", timeout=60).status_code == 204
    assert run(stack, "fsck")[1]["missing"] == 0


def test_a_thumbnail_whose_object_is_gone_is_made_anew(stack):
    photo = stack.post(JPEG).json()
    link = stack.http_url + photo["thumbnail_url"]
    assert requests.get(link, timeout=60).status_code == 200
    ((key,),) = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo["id"])
    stack.store().delete_object(Bucket=stack.bucket, Key=f"{key}.640.webp")
    lost = [f"thumbnail {key}.640.webp id={photo['id']}"]
    for options, fixed, status in (([], 0, 1), (["--fix"], 1, 0)):
        lines, numbers, returned = run(stack, "fsck", *options)
        assert (lines, numbers["thumbnails"], numbers["fixed"], returned) == (lost, 1, fixed, status)
    assert requests.get(link, timeout=60).status_code == 200
    assert f"{key}.640.webp" in stack.keys()
    requests.delete(f"{stack.photos_url}/{photo['id']}", timeout=60)


def test_bytes_that_have_changed_are_found_by_reading_them(stack):
    photo = stack.post(JPEG).json()
    ((key,),) = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo["id"])
    changed = JPEG[:-3] + bytes([JPEG[-3] ^ 1]) + JPEG[-2:]
    for body, options in ((changed, ("--sample", "100000")), (changed + b"x", ())):
        stack.store().put_object(Bucket=stack.bucket, Key=key, Body=body)
        lines, numbers, status = run(stack, "fsck", *options)
        assert (lines, numbers["damaged"], status) == ([f"damaged {key} id={photo['id']}"], 1, 1)
    requests.delete(f"{stack.photos_url}/{photo['id']}", timeout=60)


def test_a_terminal_sees_how_far_it_got(stack):
    terminal, end = pty.openpty()
    done = subprocess.run(
        [stack.program(), "fsck"],
        env=stack.supervisor_environment(),
        stdout=subprocess.PIPE,
        stderr=end,
        timeout=60,
    )
    os.close(end)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert done.returncode == 0
    assert "objects" in shown and "rows" in shown


@pytest.mark.parametrize("command", ["fsck", "reap"])
def test_without_its_parts_it_says_so_and_fails(stack, command):
    done = stack.run(command, DATABASE_URL="postgresql://nobody:hunter2@localhost:1/photos")
    assert (done.returncode, done.stdout) == (1, "")
    assert "The database is not available" in done.stderr
    assert "hunter2" not in done.stderr


def test_two_reapers_at_once_share_the_work(stack):
    for _ in range(8):
        stack.post(JPEG)
    newest = stack.list(order="desc", limit=8)
    stack.rows(
        "UPDATE photos SET state = 'pending', lease_until = now() WHERE id = ANY(%s)",
        [photo["id"] for photo in newest],
    )
    reapers = [
        subprocess.Popen(
            [stack.program(), "reap"],
            env=stack.supervisor_environment(),
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    reports = [json.loads(reaper.communicate(timeout=60)[0]) for reaper in reapers]
    assert sum(report["uploads"] for report in reports) == 8
    assert sum(report["failed"] for report in reports) == 0
    for photo in newest:
        assert requests.get(photo["photo_url"], timeout=60).status_code == 404


def test_a_store_that_is_down_leaves_the_rows_for_the_next_run(stack):
    photo = stack.post(JPEG).json()
    stack.rows(
        "UPDATE photos SET state = 'pending', lease_until = now() WHERE id = %s", photo["id"]
    )
    stack.stop_store()
    try:
        done = stack.run("reap")
        assert done.returncode == 1
        assert json.loads(done.stdout)["failed"] == 1
    finally:
        stack.start_store()
    assert run(stack, "reap")[1]["photos"] == 1
    assert requests.get(photo["photo_url"], timeout=60).status_code == 404
