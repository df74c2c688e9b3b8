"""What /metrics says, as values."""

import re

import requests

from stack import wait_until

UPLOADS = 'photodrop_http_requests_total{method="POST",route="/api/photos",code="%d"}'


def page(stack):
    answer = requests.get(stack.http_url + "/metrics", timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.text


def samples(stack):
    """Every sample by its name and labels, as they are written."""
    lines = [line for line in page(stack).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def names(text):
    """The names of photodrop's metrics in that text, those of a histogram's lines as its own."""
    found = re.findall(r"photodrop_[a-z0-9_]+", text)
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in found}


class Moves:
    """How far samples have moved since this was made."""

    def __init__(self, stack):
        self.stack = stack
        self.before = samples(stack)

    def now(self, *wanted):
        after = samples(self.stack)
        return {name: after.get(name, 0) - self.before.get(name, 0) for name in wanted}

    def wait_for(self, expected):
        """A request is counted a moment after its answer."""
        wait_until(lambda: self.now(*expected) == expected, f"{expected}, not {self.now(*expected)}")
