"""What a photo tells of whoever took it stays with them; how to show it is stored."""

import hashlib
import struct
import uuid

import pytest
import requests

from images import FORMATS, HEIGHT, WIDTH, png_chunk

SECRET = b"a private matter"
LATITUDE = struct.pack("<6I", 52, 1, 31, 1, 12, 1)  # 52° 31' 12"
TURNED = 6  # the orientation of a phone held upright
ORIENTATION = bytes.fromhex("4d4d002a00000008000101120003000000010006000000000000")


def exif():
    """Two directories, little-endian: maker and orientation, and in the second the position."""
    maker_at = 8 + 2 + 3 * 12 + 4
    gps_at = maker_at + len(SECRET)
    latitude_at = gps_at + 2 + 12 + 4
    maker = struct.pack("<HHII", 0x010F, 2, len(SECRET), maker_at)
    orientation = struct.pack("<HHIHH", 0x0112, 3, 1, TURNED, 0)
    gps = struct.pack("<HHII", 0x8825, 4, 1, gps_at)
    latitude = struct.pack("<HHII", 0x0002, 5, 3, latitude_at)
    first = struct.pack("<H", 3) + maker + orientation + gps + bytes(4)
    second = struct.pack("<H", 1) + latitude + bytes(4) + LATITUDE
    return b"II*\0" + struct.pack("<I", 8) + first + SECRET + second


def jpeg_segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def riff_chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def jpeg():
    plain = FORMATS["jpeg"]
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + SECRET
    segments = (0xE1, b"Exif\0\0" + exif()), (0xE1, xmp), (0xED, SECRET), (0xFE, SECRET)
    return plain[:2] + b"".join(jpeg_segment(*s) for s in segments) + plain[2:] + SECRET


def png():
    plain = FORMATS["png"]
    texts = png_chunk(b"tEXt", b"Comment\0" + SECRET) + png_chunk(b"eXIf", exif())
    return plain[:33] + texts + plain[33:] + SECRET  # after signature and IHDR


def gif():
    plain = FORMATS["gif"]
    comment = b"!\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"
    position = b"!\xff\x0bXMP DataXMP" + bytes([len(LATITUDE)]) + LATITUDE + b"\0"
    return plain[:-1] + comment + position + plain[-1:] + SECRET


def webp():
    flags = 0x08 | 0x04  # EXIF and XMP
    size = struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3]
    header = riff_chunk(b"VP8X", struct.pack("<I", flags) + size)
    more = riff_chunk(b"EXIF", exif()) + riff_chunk(b"XMP ", SECRET)
    return riff_chunk(b"RIFF", b"WEBP" + header + FORMATS["webp"][12:] + more) + SECRET


MAKERS = {"jpeg": jpeg, "png": png, "gif": gif, "webp": webp}


def stored(photo):
    return requests.get(photo["photo_url"], timeout=60).content


@pytest.mark.parametrize("image_format", MAKERS)
def test_a_photo_comes_back_without_what_is_private(stack, image_format):
    sent = MAKERS[image_format]()
    assert SECRET in sent and LATITUDE in sent
    photo = stack.post(sent, "cat", f"image/{image_format}").json()
    content = stored(photo)
    assert SECRET not in content and LATITUDE not in content
    assert (photo["size"], photo["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (photo["width"], photo["height"]) == (WIDTH, HEIGHT)
    assert content.count(ORIENTATION) == (image_format != "gif"), "a GIF has none"


@pytest.mark.parametrize("image_format", MAKERS)
def test_what_comes_back_may_be_uploaded_and_is_stored_as_it_is(stack, image_format):
    content = stored(stack.post(MAKERS[image_format]()).json())
    assert stored(stack.post(content).json()) == content


@pytest.mark.parametrize("image_format", MAKERS)
def test_an_upload_with_metadata_may_be_repeated_with_its_key(stack, image_format):
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = (stack.post(MAKERS[image_format](), headers=headers) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    other = stack.post(FORMATS["png" if image_format != "png" else "gif"], headers=headers)
    stack.assert_problem(other, 422, "idempotency-mismatch")


def test_the_log_says_nothing_of_what_was_left_out(stack):
    stack.post(jpeg())
    assert SECRET.decode() not in stack.log()


def test_photos_are_stored_as_sent_when_that_is_wanted(spare):
    with spare.serving(STRIP_METADATA="off"):
        for make in MAKERS.values():
            photo = spare.stack.post(make()).json()
            assert stored(photo) == make()
            assert photo["size"] == len(make())
