"""What is refused: each with its code, readable by a browser, and leaving nothing behind."""

import pytest
import requests

import wire
from images import FORMATS, JPEG, claiming, padded_jpeg
from stack import ORIGIN, wait_until

pytestmark = pytest.mark.usefixtures("unchanged")

MIB = 1024 * 1024
ALLOWED_TYPES = "Allowed types: image/jpeg, image/png, image/gif, image/webp."
LIES_AND_TRUTHS = {
    "a text file named .jpg": (b"It says .jpg on the tin.\n", "image/jpeg"),
    "a page that says it is a photo": (b"<!DOCTYPE html><script>1</script>", "image/jpeg"),
    "a drawing that says it is a photo": (b'<svg xmlns="..."/>', "image/png"),
    "bytes of no kind": (bytes(range(256)), "application/octet-stream"),
    "a text": (b"Hello", "text/plain"),
    "a photo that says it is a text": (JPEG, "text/plain"),
    "a bitmap": (b"BM" + bytes(52), "image/bmp"),
    "a photo that says it is a bitmap": (JPEG, "image/bmp"),
    "a photo that says it is a page": (JPEG, "text/html"),
    "a type of 4 kB": (JPEG, "image/" + "x" * 4000),
}
PHOTO = wire.photo_part(JPEG)
TEXT = wire.text_part(b"title", b"A cat")


@pytest.mark.parametrize("case", LIES_AND_TRUTHS)
def test_other_types_are_refused_with_those_that_are_allowed(stack, case):
    content, declared = LIES_AND_TRUTHS[case]
    answer = stack.post(content, "cat.jpg", declared)
    stack.assert_problem(answer, 400, "unsupported-type")
    assert answer.json()["detail"].endswith(ALLOWED_TYPES)


@pytest.mark.parametrize("declared", ["image/bmp", "image/svg+xml"])
def test_a_body_of_another_type_is_refused(stack, declared):
    answer = wire.send(stack, JPEG, declared)
    stack.assert_problem(answer, 400, "unsupported-type")
    assert answer.json()["detail"].endswith(ALLOWED_TYPES)


def test_an_empty_file_is_refused(stack):
    stack.assert_problem(stack.post(b"", "cat.jpg"), 400, "invalid-image")


def test_an_empty_body_is_refused(stack):
    stack.assert_problem(wire.send(stack, b"", "image/jpeg"), 400, "invalid-image")


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_truncated_photo_is_refused_wherever_it_ends(stack, image_format):
    whole = FORMATS[image_format]
    for size in (len(whole) - 1, len(whole) // 2, 30):
        answer = stack.post(whole[:size], "cat", f"image/{image_format}")
        stack.assert_problem(answer, 400, "invalid-image")
        assert "truncated" in answer.json()["detail"]


@pytest.mark.parametrize("image_format", FORMATS)
def test_sixty_megapixels_are_refused(stack, image_format):
    content = claiming(image_format, 10_000, 6_000)
    answer = stack.post(content, "cat", f"image/{image_format}")
    stack.assert_problem(answer, 400, "invalid-image")
    assert "60000000 pixels" in answer.json()["detail"]


def test_a_photo_of_five_mebibytes_and_a_byte_is_refused(stack):
    answer = stack.post(padded_jpeg(5 * MIB + 1))
    stack.assert_problem(answer, 413, "too-large")
    assert str(5 * MIB) in answer.json()["detail"]


def test_a_body_of_five_mebibytes_and_a_byte_is_refused(stack):
    answer = wire.send(stack, padded_jpeg(5 * MIB + 1), "image/jpeg")
    stack.assert_problem(answer, 413, "too-large")


def test_a_form_of_twenty_megabytes_is_refused(stack):
    answer = stack.post(padded_jpeg(20_000_000))
    stack.assert_problem(answer, 413, "too-large")
    assert str(5 * MIB) in answer.json()["detail"]


def test_a_body_of_twenty_megabytes_is_refused(stack):
    stack.assert_problem(wire.send(stack, bytes(20_000_000), "image/jpeg"), 413, "too-large")


def test_a_chunked_body_of_twenty_megabytes_is_refused(stack):
    chunks = (bytes(MIB) for _ in range(20))
    stack.assert_problem(wire.send(stack, chunks, "image/jpeg"), 413, "too-large")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="no field at all"),
        pytest.param([TEXT], id="a text field"),
        pytest.param([wire.text_part(b"photo", b"cat.jpg")], id="a text field named photo"),
        pytest.param([wire.part(b'name="image"; filename="cat.jpg"', JPEG)], id="another name"),
        pytest.param([wire.part(b'name="Photo"; filename="cat.jpg"', JPEG)], id="a capital"),
        pytest.param([wire.part(b'name="photo"; filename=""', b"")], id="no file chosen"),
        pytest.param([wire.part(b"name=photo; filename*=UTF-8''cat", JPEG)], id="filename*"),
    ],
)
def test_a_form_without_a_photo_is_refused(stack, parts):
    stack.assert_problem(wire.send(stack, wire.form(*parts)), 422, "missing-photo")


@pytest.mark.parametrize("declared", ["application/x-www-form-urlencoded", "text/plain", None])
def test_a_body_that_is_no_form_is_refused(stack, declared):
    answer = wire.send(stack, b"photo=cat.jpg", declared)
    stack.assert_problem(answer, 422, "missing-photo")


def test_two_photos_in_one_form_are_refused(stack):
    answer = wire.send(stack, wire.form(PHOTO, TEXT, PHOTO))
    stack.assert_problem(answer, 400, "malformed-upload")


@pytest.mark.parametrize("kept", [1, 4, 20, 60, 200, -200, -20, -10, -5, -4, -3])
def test_a_body_cut_in_the_middle_is_refused(stack, kept):
    whole = wire.form(TEXT, PHOTO)
    answer = wire.send(stack, whole[:kept])
    stack.assert_problem(answer, 400, "malformed-upload")


ENDLESS = {
    "content": wire.form(PHOTO)[:-20] + bytes(5 * MIB),
    "near misses": wire.form(PHOTO)[:-20] + b"\r\n--frontie" * (MIB // 2),
    "spaces after it": b"--frontier" + b" " * (5 * MIB),
    "itself again and again": b"--frontier" * (MIB // 2),
    "parts again and again": (b"--frontier\r\n" + TEXT + b"\r\n") * 50_000,
    "line feeds": b"\n" * (5 * MIB),
    "preamble": bytes(5 * MIB) + wire.form(PHOTO),
}


@pytest.mark.parametrize("what_follows", ENDLESS)
def test_a_boundary_that_never_ends_is_refused_at_once(stack, what_follows):
    answer = wire.send(stack, ENDLESS[what_follows])
    stack.assert_problem(answer, 400, "malformed-upload")
    assert answer.elapsed.total_seconds() < 5  # not a matter of the square of the size


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param("", id="none"),
        pytest.param("; boundary=", id="empty"),
        pytest.param("; boundary=" + "x" * 71, id="71 bytes"),
        pytest.param("; boundary=" + "x" * 4000, id="4 kB"),
        pytest.param("; boundary=frontier; boundary=other", id="two"),
        pytest.param('; boundary="frontier', id="unclosed quote"),
        pytest.param("; boundary=wall", id="not the body's"),
    ],
)
def test_a_form_without_a_usable_boundary_is_refused(stack, parameters):
    answer = wire.send(stack, wire.form(PHOTO), "multipart/form-data" + parameters)
    stack.assert_problem(answer, 400, "malformed-upload")


def test_nothing_is_stored_for_a_client_that_leaves_half_way(stack):
    access_log = stack.run_dir / "log" / "access.log"
    known, body = access_log.stat().st_size, wire.form(PHOTO)

    def nginx_noticed():
        return b'"status":400' in access_log.read_bytes()[known:]

    with wire.connection(stack) as bare:
        bare.sendall(wire.head_of_post(len(body)) + body[: len(body) // 2])
        assert not nginx_noticed()
    wait_until(nginx_noticed, "nginx to notice that the client is gone")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/photo", "/api/photos/", "/x.php"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_nothing_is_found_at_an_unknown_address(stack, method, path):
    headers = {"Origin": ORIGIN}
    answer = requests.request(method, stack.http_url + path, headers=headers, timeout=60)
    stack.assert_problem(answer, 404, "not-found")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "BREW"])
def test_the_list_takes_no_other_method(stack, method):
    answer = requests.request(method, stack.photos_url, headers={"Origin": ORIGIN}, timeout=60)
    stack.assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST"
