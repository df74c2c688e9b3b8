"""The signer against another one, Debian's python3-botocore, on random requests.

Both get the same decoded key, query and headers; each encodes, sorts and signs them by itself. The
seed is fixed, so every run signs the same requests. SIGNER_CLI names the program under test
(sign_main.cc); without it the tests fail.
"""

import dataclasses
import datetime
import hashlib
import json
import os
import random
import string
import subprocess
import types

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode, percent_encode_sequence

SEED = 20130524
REQUESTS = 4000
LAST_SECOND_OF_DAY = 86399
MAX_EXPIRES = 604800
DEFAULT_PORTS = {"http": 80, "https": 443}

HOSTS = ["s3.amazonaws.com", "photos.s3.eu-west-1.amazonaws.com", "localhost", "10.0.0.7", "[::1]"]
REGIONS = ["us-east-1", "eu-west-1", "garage", "auto", ""]
METHODS = ["GET", "PUT", "DELETE", "HEAD", "POST"]

# Pieces that some signer somewhere has got wrong.
VISIBLE = list(string.ascii_letters + string.digits + string.punctuation)
VISIBLE += ["//", "../", "./", "/..", "%2F", "%41", "''", "é", "e\u0301", "ሴ", "日本", "😀"]
SPACES = [" ", "  ", "\t", " \t "]
CONTROLS = ["\n", "\r\n", "\0", "\x1f", "\x7f", "\u00a0"]

# Neither Date, which botocore signs instead of x-amz-date, nor what it never signs.
HEADER_NAMES = ["Content-Type", "Content-MD5", "Range", "x-amz-acl", "X-Amz-Storage-Class"]
META_NAMES = ["x-amz-meta-a", "X-AMZ-Meta-A", "x-amz-meta-a-b", "x-amz-meta-ab", "x-amz-meta-0"]


@dataclasses.dataclass
class Case:
    """One request as both signers see it; `port` is what the URL spells out, if anything."""

    form: str
    access_key: str
    secret_key: str
    session_token: str
    time: datetime.datetime
    region: str
    method: str
    scheme: str
    host: str
    port: int | None
    key: str
    query: list
    headers: list
    body: bytes
    expires: int

    def origin(self):
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    def host_header(self):
        spells_port = self.port and self.port != DEFAULT_PORTS[self.scheme]
        return f"{self.host}:{self.port}" if spells_port else self.host


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, pieces, most):
        return "".join(self.random.choices(pieces, k=self.random.randint(0, most)))

    def key(self):
        return "/" + self.text(VISIBLE + SPACES + CONTROLS, 20)

    def query(self, form):
        pairs = [
            (self.text(VISIBLE + SPACES, 3) or "a", self.text(VISIBLE + SPACES + CONTROLS, 6))
            for _ in range(self.random.randint(0, 5))
        ]
        if form == "query":  # botocore keeps only one parameter of a name when it presigns
            return list(dict(pairs).items())
        return pairs + self.random.choices(pairs, k=2) if pairs else []

    def headers(self):
        names = self.random.choices(HEADER_NAMES + META_NAMES, k=self.random.randint(0, 5))
        return [(name, self.text(VISIBLE + SPACES * 8, 12)) for name in names]

    def time(self):
        day = datetime.datetime(2000, 1, 1) + datetime.timedelta(self.random.randrange(36500))
        second = self.random.choice([0, LAST_SECOND_OF_DAY, self.random.randrange(86400)])
        return day + datetime.timedelta(seconds=second)

    def case(self, form):
        pick = self.random.choice
        secret_pieces = string.ascii_letters + string.digits + "/+="
        return Case(
            form=form,
            access_key=self.text(string.ascii_uppercase + string.digits, 20) or "A",
            secret_key=self.text(secret_pieces, 80) or "S",
            session_token=pick(["", self.text(secret_pieces, 400)]),
            time=self.time(),
            region=pick(REGIONS),
            method=pick(METHODS),
            scheme=pick(["http", "https"]),
            host=pick(HOSTS),
            port=pick([None, 80, 443, 9000]),
            key=self.key(),
            query=self.query(form),
            headers=self.headers(),
            body=self.random.randbytes(self.random.choice([0, 1, 100])),
            expires=pick([1, MAX_EXPIRES, self.random.randint(1, MAX_EXPIRES)]),
        )


def line_for_signer(case):
    """What signer_cli reads: S3 wants the payload hash as a header, or no hash at all."""
    headers = [("host", case.host_header())] + case.headers
    payload_hash = "UNSIGNED-PAYLOAD"
    if case.form == "header":
        payload_hash = hashlib.sha256(case.body).hexdigest()
        headers.append(("x-amz-content-sha256", payload_hash))
    names = ["form", "access_key", "secret_key", "session_token", "region", "method", "key"]
    facts = {name: getattr(case, name) for name in names + ["query", "expires"]}
    seconds = int(case.time.replace(tzinfo=datetime.timezone.utc).timestamp())
    return json.dumps({**facts, "time": seconds, "headers": headers, "payload_hash": payload_hash})


def ask_signer(cases):
    program = os.environ.get("SIGNER_CLI")
    if not program:
        pytest.fail("SIGNER_CLI must name the signer_cli program")
    lines = "".join(line_for_signer(case) + "\n" for case in cases)
    done = subprocess.run(
        [program], input=lines, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def ask_botocore(case, monkeypatch):
    """The answer that signer_cli should give."""

    class Clock(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return case.time

    monkeypatch.setattr(botocore.auth, "datetime", types.SimpleNamespace(datetime=Clock))
    credentials = Credentials(case.access_key, case.secret_key, case.session_token or None)
    path = percent_encode(case.key, safe="/~")
    query = percent_encode_sequence(case.query)
    url = case.origin() + path + ("?" + query if query else "")
    request = AWSRequest(method=case.method, url=url, data=case.body)
    for name, value in case.headers:
        request.headers[name] = value  # adds, and replaces nothing
    if case.form == "header":
        botocore.auth.S3SigV4Auth(credentials, "s3", case.region).add_auth(request)
        return request.headers["Authorization"]
    request.data = b""  # which botocore would move into the query
    botocore.auth.S3SigV4QueryAuth(credentials, "s3", case.region, case.expires).add_auth(request)
    return with_sorted_query(request.url.removeprefix(case.origin()))


def with_sorted_query(target):
    """botocore sorts the query to sign it but not in the URL; there the order means nothing."""
    path, _, query = target.partition("?")
    *parameters, signature = query.split("&")
    return path + "?" + "&".join(sorted(parameters, key=lambda p: p.split("=")) + [signature])


@pytest.mark.parametrize("form", ["header", "query"])
def test_botocore_signs_alike(form, monkeypatch):
    generator = Generator(f"{SEED}-{form}")
    cases = [generator.case(form) for _ in range(REQUESTS)]
    answers = ask_signer(cases)
    assert len(answers) == REQUESTS
    for case, answer in zip(cases, answers):
        assert answer == ask_botocore(case, monkeypatch), case
