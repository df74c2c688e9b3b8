"""Clients that upload under keys of their own, and try again, while a test breaks things."""

import concurrent.futures
import contextlib
import itertools
import random
import secrets
import threading
import time
import uuid

import requests

from audit import Deletion, Try, answered
from crowd import numbered_photo
from stack import wait_until

AT_ONCE = 16
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds, after each try that failed
PASSING = (409, 502, 503)  # what a client may take for a reason to try again
NUMBERS = itertools.count(secrets.randbits(60))


def fresh_photo():
    """A photo that no other test, and no run before, has sent."""
    return numbered_photo(next(NUMBERS))


def upload(stack, content=None, key=None):
    """One try, and no other, with a key in any case."""
    content, key = content or fresh_photo(), key or str(uuid.uuid4())
    return Try(stack.post(content, headers={"Idempotency-Key": key}), content, key)


class Load:
    """What the clients have sent so far, and what they were told.

    Of several stacks over one database and store each try asks another one than that before.
    """

    def __init__(self, *stacks, most=None, deleting=0.0, looking=0.0):
        self._urls = [stack.photos_url for stack in stacks]
        self.tries = []
        self.deletions = []
        self.acknowledged = 0
        self.enough = threading.Event()
        self._numbers = itertools.count() if most is None else iter(range(most))
        self._deleting = deleting
        self._looking = looking

    def go_on(self):
        """One client: uploads one photo after the other until all are sent, or enough."""
        with requests.Session() as session:
            for _ in self._numbers:
                if self.enough.is_set():
                    return
                self._upload_and_perhaps_more(session)
        self.enough.set()

    def _upload_and_perhaps_more(self, session):
        photo = self._upload(session, fresh_photo(), str(uuid.uuid4()))
        if photo is None:
            return
        self.acknowledged += 1
        if random.random() < self._looking:
            self._look(session, photo)
        if random.random() < self._deleting:
            self._delete(session, photo)

    def _upload(self, session, content, key):
        """Returns the id of the photo, None when the client gave up."""
        headers = {"Content-Type": "image/jpeg", "Idempotency-Key": key}
        for pause, url in self._chances():
            answer = ask(session.post, url, data=content, headers=headers)
            self.tries.append(Try(answer, content, key))
            if answered(self.tries[-1], 200):
                return answer.json()["id"]
            check_and_pause(answer, pause)
        return None

    def _look(self, session, photo):
        for pause, url in self._chances():
            answer = ask(session.get, f"{url}/{photo}/thumbnail")
            if answer is not None and answer.status_code == 200:
                return
            check_and_pause(answer, pause)

    def _delete(self, session, photo):
        for pause, url in self._chances():
            answer = ask(session.delete, f"{url}/{photo}")
            self.deletions.append(Deletion(answer, photo))
            if answer is not None and answer.status_code in (204, 404):
                return
            check_and_pause(answer, pause)

    def _chances(self):
        """Whom to ask, and how long to wait when that was in vain."""
        urls = random.sample(self._urls, len(self._urls))
        return zip(PAUSES, itertools.cycle(urls))

    def wait_for_more(self, photos):
        """Returns when this many more photos were acknowledged."""
        goal = self.acknowledged + photos
        wait_until(
            lambda: self.acknowledged >= goal or self.enough.is_set(), f"{photos} uploads more", 120
        )


def ask(method, url, **options):
    """The answer, or None when there was none, or half of one."""
    try:
        return method(url, timeout=70, **options)
    except requests.RequestException:
        return None


def check_and_pause(answer, pause):
    assert answer is None or answer.status_code in PASSING, f"{answer.status_code} {answer.text}"
    time.sleep(pause)


@contextlib.contextmanager
def load(*stacks, **options):
    """AT_ONCE clients in the background; they have ended when this has."""
    crowd = Load(*stacks, **options)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        clients = [pool.submit(crowd.go_on) for _ in range(AT_ONCE)]
        try:
            yield crowd
        finally:
            crowd.enough.set()
    for client in clients:
        client.result()  # what a client found wrong is raised here
