"""Photos that are damaged, in every way: a worker answers, and lives on."""

import collections
import concurrent.futures
import random
import threading

import pytest
import requests

from images import FORMATS, SAMPLES, sample

AT_ONCE = 8
MUTATIONS = 500
SEED = 20240229
SHORTEST = 12  # bytes by which a file starts like an image


@pytest.fixture
def post(stack):
    """Uploads all of these as bodies, and returns (status, code) of each, in order."""
    own = threading.local()

    def send(content):
        if not hasattr(own, "session"):
            own.session = requests.Session()
        headers = {"Content-Type": "application/octet-stream"}
        answer = own.session.post(stack.photos_url, data=content, headers=headers, timeout=60)
        return answer.status_code, answer.json().get("code")

    workers, rows = stack.workers(), stack.rows()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        yield lambda contents: list(pool.map(send, contents))
        taken = [f"{stack.photos_url}/{row[0]}" for row in set(stack.rows()) - set(rows)]
        assert {answer.status_code for answer in pool.map(requests.delete, taken)} <= {204}
    assert stack.workers() == workers


def damaged(content, source):
    """The same with a byte changed, with some bytes gone, or with some twice."""
    at, length = source.randrange(len(content)), source.randrange(1, 9)
    middle = content[at : at + length]
    middle = source.choice((bytes([source.randrange(256)]) + middle[1:], b"", middle + middle))
    return content[:at] + middle + content[at + length :]


@pytest.mark.parametrize("image_format", FORMATS)
def test_every_part_of_a_photo_that_is_cut_off_is_refused(post, image_format):
    whole = FORMATS[image_format]
    answers = post(whole[:size] for size in range(SHORTEST, len(whole)))
    assert set(answers) == {(400, "invalid-image")}
    answers = post(whole[:size] for size in range(SHORTEST))
    assert set(answers) <= {(400, "invalid-image"), (400, "unsupported-type")}


def test_a_photo_that_is_damaged_is_taken_or_refused(post):
    source = random.Random(SEED)
    samples = [sample(name) for name in SAMPLES]
    answers = post(damaged(source.choice(samples), source) for _ in range(MUTATIONS))
    found = collections.Counter(answers)
    assert set(found) == {(200, None), (400, "invalid-image"), (400, "unsupported-type")}
    assert min(found[200, None], found[400, "invalid-image"]) > MUTATIONS / 10
