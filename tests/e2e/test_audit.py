"""The audit finds what it is there to find."""

import contextlib

import pytest
import requests

import load
from audit import Deletion, Try, audit

pytestmark = pytest.mark.faults


@pytest.fixture
def upload(stack):
    """Uploads a photo; returns it as the audit wants it. In the end all of them are deleted."""
    ids = []

    def post(content=None):
        done = load.upload(stack, content)._replace(key=None)
        ids.append(done.answer.json()["id"])
        return done

    yield post
    for id_ in ids:
        requests.delete(f"{stack.photos_url}/{id_}", timeout=60)
    audit(stack, []).assert_clean()


def counts(findings):
    return len(findings.lost), len(findings.orphaned), len(findings.duplicated)


def name_of(stack, sent):
    photo = sent.answer.json()["id"]
    [(name,)] = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo)
    return name


def test_a_photo_that_is_as_it_was_sent_is_in_order(stack, upload):
    findings = audit(stack, [upload(), upload()])
    assert (findings.acknowledged, *counts(findings)) == (2, 0, 0, 0)


def test_a_photo_whose_row_is_gone_is_lost_and_its_object_orphaned(stack, upload):
    sent = upload()
    key = name_of(stack, sent)
    stack.rows("DELETE FROM photos WHERE photo_name = %s", key)
    assert counts(audit(stack, [sent])) == (1, 1, 0)
    stack.store().delete_object(Bucket=stack.bucket, Key=key)


def test_a_photo_whose_object_is_gone_is_lost(stack, upload):
    sent = upload()
    stack.store().delete_object(Bucket=stack.bucket, Key=name_of(stack, sent))
    [opens, there] = audit(stack, [sent]).lost
    assert "opens with 404" in opens and "no object" in there


def test_a_photo_whose_bytes_have_changed_is_lost(stack, upload):
    sent = upload()
    stack.store().put_object(Bucket=stack.bucket, Key=name_of(stack, sent), Body=b"other")
    assert counts(audit(stack, [sent])) == (1, 0, 0)


def test_a_photo_that_was_never_acknowledged_is_not_lost(stack):
    assert counts(audit(stack, [Try(None, load.fresh_photo(), "a key")])) == (0, 0, 0)


@contextlib.contextmanager
def written(stack, key):
    stack.store().put_object(Bucket=stack.bucket, Key=key, Body=b"stray")
    yield
    stack.store().delete_object(Bucket=stack.bucket, Key=key)


def test_an_object_without_a_row_is_an_orphan(stack):
    with written(stack, "a stray"):
        assert audit(stack, []).orphaned == ["no row: a stray"]


def test_a_deleted_photo_whose_object_comes_back_is_an_orphan(stack, upload):
    sent = upload()
    key = name_of(stack, sent)
    photo = sent.answer.json()["id"]
    answer = requests.delete(f"{stack.photos_url}/{photo}", timeout=60)
    assert counts(audit(stack, [sent], [Deletion(answer, photo)])) == (0, 0, 0)
    with written(stack, key):
        [listed, opens] = audit(stack, [sent], [Deletion(answer, photo)]).orphaned
        assert "not deleted" in listed and "still opens" in opens


def test_a_thumbnail_belongs_to_its_photo_and_is_an_orphan_without_it(stack, upload):
    sent = upload()
    photo = sent.answer.json()["id"]
    key = f"{name_of(stack, sent)}.640.webp"
    assert requests.get(f"{stack.photos_url}/{photo}/thumbnail", timeout=60).status_code == 200
    assert key in stack.keys()
    assert counts(audit(stack, [sent])) == (0, 0, 0)
    answer = requests.delete(f"{stack.photos_url}/{photo}", timeout=60)
    with written(stack, key):
        assert audit(stack, [sent], [Deletion(answer, photo)]).orphaned == [f"not deleted: {key}"]


def test_a_photo_that_is_stored_although_it_was_deleted_is_an_orphan(stack, upload):
    sent = upload()
    missing = requests.delete(f"{stack.photos_url}/0", timeout=60)
    claimed = Deletion(missing, sent.answer.json()["id"])
    assert counts(audit(stack, [sent], [claimed])) == (0, 1, 0)


def test_two_photos_for_one_key_are_a_duplicate(stack, upload):
    content = load.fresh_photo()
    sent = [upload(content), upload(content)]
    assert counts(audit(stack, sent)) == (0, 0, 0), "without a key that is what was asked for"
    assert counts(audit(stack, [each._replace(key="one") for each in sent])) == (0, 0, 1)
