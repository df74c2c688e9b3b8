"""The ways in: TLS, HTTP/2, chunked bodies, clients that ask before they send."""

import http.client
import json
import socket
import ssl
import subprocess
import urllib.parse

import pytest
import requests

import wire
from images import JPEG, padded_jpeg
from stack import ORIGIN

FORM = wire.form(wire.photo_part(JPEG))


def curl(*arguments):
    command = ["curl", "--silent", "--show-error", "--max-time", "60", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def assert_opens(photo, content=JPEG):
    assert requests.get(photo["photo_url"], timeout=60).content == content


@pytest.fixture
def secure_url(stack):
    return stack.https_url + "/api/photos"


def test_an_upload_over_tls_works(stack, secure_url):
    form = {"photo": ("cat.jpg", JPEG, "image/jpeg")}
    answer = requests.post(secure_url, files=form, verify=stack.ca_cert, timeout=60)
    assert answer.status_code == 200, answer.text
    assert_opens(answer.json())
    newest = {"order": "desc", "limit": 1}
    listed = requests.get(secure_url, newest, verify=stack.ca_cert, timeout=60).json()
    assert [photo["id"] for photo in listed] == [answer.json()["id"]]


def test_strangers_to_the_certificate_authority_do_not_get_in(secure_url):
    with pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"):
        requests.get(secure_url, timeout=60)


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_curl_uploads_over_tls_in_both_versions_of_http(stack, secure_url, folder, version):
    (folder / "cat.jpg").write_bytes(JPEG)
    form = f"photo=@{folder}/cat.jpg"
    options = [version, "--cacert", stack.ca_cert, "--write-out", "\n%{http_version}"]
    photo, used = curl(*options, "-F", form, secure_url).rsplit("\n", 1)
    assert used == {"--http1.1": "1.1", "--http2": "2"}[version]
    assert_opens(json.loads(photo))


@pytest.mark.parametrize("size, expected", [(5 * 1024 * 1024, 200), (20_000_000, 413)])
def test_http_2_has_the_same_limits(stack, secure_url, folder, size, expected):
    (folder / "cat.jpg").write_bytes(padded_jpeg(size))
    options = ["--http2", "--cacert", stack.ca_cert, "--write-out", "\n%{http_code}"]
    body, status = curl(*options, "-F", f"photo=@{folder}/cat.jpg", secure_url).rsplit("\n", 1)
    assert int(status) == expected
    assert json.loads(body).get("code") == (None if expected == 200 else "too-large")


def handshake(stack, version):
    """The version agreed on by a client that speaks `version` alone, and every cipher of it."""
    context = ssl.create_default_context(cafile=stack.ca_cert)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    port = urllib.parse.urlsplit(stack.https_url).port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as bare:
        with context.wrap_socket(bare, server_hostname="localhost") as secure:
            return secure.version()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_the_server_refuses_old_versions_of_tls(stack, version):
    with pytest.raises(ssl.SSLError, match="TLSV1_ALERT_PROTOCOL_VERSION"):
        handshake(stack, version)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_server_speaks_the_current_versions_of_tls(stack, version):
    assert handshake(stack, version).replace(".", "_") == version.name


def test_a_chunked_form_works(stack):
    chunks = (FORM[at : at + 100] for at in range(0, len(FORM), 100))
    answer = wire.send(stack, chunks)
    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert answer.status_code == 200, answer.text
    assert_opens(answer.json())


def test_the_largest_photo_may_come_in_chunks(stack):
    content = padded_jpeg(5 * 1024 * 1024)
    answer = wire.send(stack, iter([content[:1], content[1:]]), "image/jpeg")
    assert answer.status_code == 200, answer.text
    assert_opens(answer.json(), content)


def read_answer(bare):
    """The status, headers and JSON of the next answer that is not 100."""
    answer = http.client.HTTPResponse(bare)
    answer.begin()
    return answer.status, answer.headers, json.loads(answer.read())


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(stack):
    go_on = b"HTTP/1.1 100 Continue\r\n\r\n"
    with wire.connection(stack) as bare:
        bare.sendall(wire.head_of_post(len(FORM), "Expect: 100-continue"))
        assert bare.recv(len(go_on), socket.MSG_WAITALL) == go_on
        bare.sendall(FORM)
        status, _, photo = read_answer(bare)
    assert status == 200, photo
    assert_opens(photo)


def test_a_client_that_asks_to_send_too_much_need_not(stack, unchanged):
    with wire.connection(stack) as bare:
        bare.sendall(wire.head_of_post(20_000_000, "Expect: 100-continue"))
        assert bare.recv(12, socket.MSG_WAITALL | socket.MSG_PEEK) == b"HTTP/1.1 413"
        _, headers, problem = read_answer(bare)
    assert problem["code"] == "too-large"
    assert headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_client_that_sends_a_byte_at_a_time_is_served(stack):
    with wire.connection(stack) as bare:
        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bare.sendall(wire.head_of_post(len(FORM)))
        for byte in FORM:
            bare.sendall(bytes([byte]))
        status, _, photo = read_answer(bare)
    assert status == 200, photo
    assert_opens(photo)
