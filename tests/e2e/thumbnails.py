"""Photos whose thumbnails a test looks at."""

import contextlib

import requests

from stack import ORIGIN


def get(stack, photo, **query):
    link = stack.http_url + photo["thumbnail_url"]
    return requests.get(link, params=query, headers={"Origin": ORIGIN}, timeout=60)


def post(stack, content, content_type="image/jpeg"):
    answer = stack.post(content, "cat.jpg", content_type)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextlib.contextmanager
def photos_of_a_test(stack):
    """Makes photos, and deletes them in the end."""
    made = []

    def make(content, content_type="image/jpeg"):
        made.append(post(stack, content, content_type))
        return made[-1]

    yield make
    for each in made:
        requests.delete(f"{stack.photos_url}/{each['id']}", timeout=60)
