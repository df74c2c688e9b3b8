"""Many photos at once, and all of them different."""

import concurrent.futures
import contextlib
import hashlib
import os
import signal

import requests

from images import jpeg_with
from stack import wait_until


def numbered_photo(number, size=0):
    """A JPEG whose data differ from those of all others, grown by `size` bytes more."""
    return jpeg_with(b"photo %d" % number + bytes(size))


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def uploading(stack, contents, at_once):
    """Uploads in the background; yields the futures of the answers, in order."""
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        yield [pool.submit(stack.post, content) for content in contents]


def assert_all_are_kept(stack, answers, contents):
    """Each answer that accepts a photo tells the truth: it is listed and opens, unchanged."""
    listed = {photo["id"]: photo for photo in listed_photos(stack)}
    for answer, content in zip(answers, contents):
        if answer.status_code == 200:
            photo = listed[answer.json()["id"]]
            assert photo["sha256"] == answer.json()["sha256"] == sha256(content)
            assert requests.get(photo["photo_url"], timeout=60).content == content


def listed_photos(stack):
    """The whole list, page by page."""
    photos, url = [], stack.photos_url
    while url:
        answer = requests.get(url, timeout=60)
        assert answer.status_code == 200, answer.text
        photos += answer.json()
        url = answer.links.get("next", {}).get("url")
        url = url and stack.http_url + url
    return photos


def pending(stack):
    return [row for row in stack.rows() if row[2] == "pending"]


def wait_for_pending(stack, count):
    wait_until(lambda: len(pending(stack)) == count, f"{count} uploads to be under way")


@contextlib.contextmanager
def frozen_store(stack):
    """The gateway takes connections and answers nothing; yields what thaws it."""
    pid = int((stack.run_dir / "s3" / "run" / "client.rgw.a.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        yield lambda: os.kill(pid, signal.SIGCONT)
    finally:
        os.kill(pid, signal.SIGCONT)
