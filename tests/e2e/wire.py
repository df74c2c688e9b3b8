"""Requests made by hand: what client libraries would refuse to send."""

import contextlib
import socket
import urllib.parse

import requests

from stack import ORIGIN

BOUNDARY = b"frontier"
FORM_TYPE = "multipart/form-data; boundary=frontier"


def part(disposition, content, content_type=b"image/jpeg"):
    """One part of a form; `disposition` is what follows `form-data; `."""
    lines = [b"Content-Disposition: form-data; " + disposition]
    if content_type is not None:
        lines.append(b"Content-Type: " + content_type)
    return b"\r\n".join(lines) + b"\r\n\r\n" + content


def photo_part(content, content_type=b"image/jpeg"):
    return part(b'name="photo"; filename="cat.jpg"', content, content_type)


def text_part(name, text):
    return part(b'name="%b"' % name, text, content_type=None)


def form(*parts):
    """The body that FORM_TYPE announces."""
    return b"".join(b"--%b\r\n%b\r\n" % (BOUNDARY, p) for p in parts) + b"--%b--\r\n" % BOUNDARY


def send(stack, body, content_type=FORM_TYPE, headers=()):
    """Posts the body as it is; an iterable goes out chunked."""
    headers = {"Origin": ORIGIN, "Content-Type": content_type, **dict(headers)}
    headers = {name: value for name, value in headers.items() if value is not None}
    return requests.post(stack.photos_url, data=body, headers=headers, timeout=60)


def head_of_post(content_length, *more):
    """The head of an upload, up to and with the empty line."""
    lines = [
        "POST /api/photos HTTP/1.1",
        "Host: localhost",
        f"Origin: {ORIGIN}",
        f"Content-Type: {FORM_TYPE}",
        f"Content-Length: {content_length}",
        *more,
    ]
    return "\r\n".join(lines + ["", ""]).encode()


@contextlib.contextmanager
def connection(stack):
    """A bare TCP connection to the service over plain HTTP."""
    port = urllib.parse.urlsplit(stack.http_url).port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as bare:
        yield bare
