"""The audit that ends a test of faults: nothing acknowledged is lost, nothing else is left.

It lets all leases end and reaps once. From then on the table, the bucket and what the clients were
told have to agree, whatever was killed before.
"""

import collections
import concurrent.futures
import dataclasses
import json
import typing

import botocore.exceptions
import requests
import urllib3

from crowd import sha256

AT_ONCE = 8  # photos that are opened at once


class Try(typing.NamedTuple):
    """One request to upload; `answer` is None when none came whole."""

    answer: requests.Response | None
    content: bytes
    key: str | None


class Deletion(typing.NamedTuple):
    """One request to delete; `answer` is None when none came whole."""

    answer: requests.Response | None
    photo: int


class Row(typing.NamedTuple):
    id: int
    name: str
    state: str
    sha256: str | None
    key: str | None


@dataclasses.dataclass
class Findings:
    """How many photos were acknowledged, and a line for each thing that should not be."""

    acknowledged: int
    lost: list[str]
    orphaned: list[str]
    duplicated: list[str]

    def assert_clean(self):
        assert (self.lost, self.orphaned, self.duplicated) == ([], [], [])


def audit(stack, tries, deletions=()):
    """Audits the stack's table and bucket, while nobody uses them."""
    unsettled = end_leases(stack)
    left = reap(stack)
    rows = [Row(*row) for row in stack.rows(EVERY_ROW)]
    keys = stack.keys()
    thumbnails = dict(stack.rows(EVERY_THUMBNAIL))
    accepted = acknowledged(tries)
    asked, gone = deleted(deletions)
    kept = {id_: done for id_, done in accepted.items() if id_ not in asked}
    return Findings(
        acknowledged=len(accepted),
        lost=lost(rows, keys, kept),
        orphaned=left
        + orphaned(rows, thumbnails, keys)
        + risen(stack, rows, unsettled | asked)
        + undeleted(rows, gone),
        duplicated=duplicated(rows, tries),
    )


EVERY_ROW = (
    "SELECT id, photo_name, state, encode(sha256, 'hex'), idempotency_key FROM photos ORDER BY id"
)
# The state is that of its photo.
EVERY_THUMBNAIL = (
    "SELECT photo_name || '.' || box || '.webp', photos.state"
    " FROM photodrop_thumbnails JOIN photos ON photos.id = photo"
)


def end_leases(stack):
    """Makes all that is unsettled due, and returns the ids."""
    ended = stack.rows(
        "UPDATE photos SET lease_until = now() - interval '1 s'"
        " WHERE state IN ('pending', 'deleting') RETURNING id"
    )
    return {id_ for (id_,) in ended}


def reap(stack, **settings):
    """What one run has left for the next, as the program itself reports it."""
    done = run_reap(stack, **settings)
    report = json.loads(done.stdout) if done.stdout else {}
    failed = report.get("failed")
    return [] if failed == 0 and done.returncode == 0 else [f"reap: {report} {done.stderr}"]


def run_reap(stack, **settings):
    """`photodrop reap` in a process of its own, with these settings beside the stack's."""
    return stack.run("reap", **settings)


def acknowledged(tries):
    """What was accepted, by the id that the client was told."""
    return {each.answer.json()["id"]: each for each in tries if answered(each, 200)}


def deleted(deletions):
    """The ids that clients asked to delete, and of those the ones that they were told are gone."""
    gone = {each.photo for each in deletions if answered(each, 204) or answered(each, 404)}
    return {each.photo for each in deletions}, gone


def answered(request, status):
    return request.answer is not None and request.answer.status_code == status


def lost(rows, keys, kept):
    """The acknowledged photos that are not stored, and the stored ones that do not open."""
    stored = {row.id: row for row in rows if row.state == "stored"}
    http = urllib3.PoolManager(maxsize=AT_ONCE)  # for thousands of them requests is too slow
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        faults = pool.map(lambda item: fault_of(http, stored.get(item[0]), *item), kept.items())
        missing = [row for row in stored.values() if row.name not in keys]
        return [fault for fault in faults if fault] + [f"no object: {row}" for row in missing]


def fault_of(http, row, id_, accepted):
    """What is wrong with an acknowledged photo; None when it is as it was sent."""
    hash_ = sha256(accepted.content)
    if row is None or row.sha256 != hash_:
        return f"acknowledged as {id_}, but the row is {row}"
    opened = http.request("GET", accepted.answer.json()["photo_url"], timeout=60)
    if opened.status != 200 or sha256(opened.data) != hash_:
        return f"acknowledged as {id_}, but opens with {opened.status}"
    return None


def orphaned(rows, thumbnails, keys):
    """Rows that are not settled, and objects that no stored photo has."""
    unsettled = [f"unsettled: {row}" for row in rows if row.state in ("pending", "deleting")]
    strangers = keys - {row.name for row in rows} - thumbnails.keys()
    buried = [row for row in rows if row.state == "tombstone" and row.name in keys]
    buried += [key for key, state in thumbnails.items() if state == "tombstone" and key in keys]
    return (
        unsettled
        + [f"no row: {key}" for key in sorted(strangers)]
        + [f"not deleted: {row}" for row in buried]
    )


def risen(stack, rows, ids):
    """Objects of these tombstones, asked for one by one: the list of a bucket may be behind."""
    tombstones = [row for row in rows if row.state == "tombstone" and row.id in ids]
    stack.store()  # made once, before there are threads
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        there = pool.map(lambda row: object_exists(stack, row.name), tombstones)
        return [f"still opens: {row}" for row, found in zip(tombstones, there) if found]


def object_exists(stack, key):
    try:
        stack.store().head_object(Bucket=stack.bucket, Key=key)
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "404", error
        return False
    return True


def undeleted(rows, gone):
    back = [row for row in rows if row.state == "stored" and row.id in gone]
    return [f"deleted, but stored: {row}" for row in back]


def duplicated(rows, tries):
    """The keys that brought forth two photos, by the rows or by what the clients were told."""
    ids = collections.defaultdict(set)
    for each in tries:
        if each.key and answered(each, 200):
            ids[each.key].add(each.answer.json()["id"])
    hashes = {sha256(each.content): each.key for each in tries if each.key}
    for row in rows:
        if row.state == "stored" and row.sha256 in hashes:
            ids[hashes[row.sha256]].add(row.id)
    bound = collections.Counter(row.key for row in rows if row.key)
    return [f"{key}: photos {found}" for key, found in ids.items() if len(found) > 1] + [
        f"{key}: bound {count} times" for key, count in bound.items() if count > 1
    ]
