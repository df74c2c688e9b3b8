"""What is uploaded, and what is listed."""

import struct
import subprocess
import uuid

from images import claiming
from stack import ask_database

# Noise, which no encoder makes small, of so many pixels that the JPEG has about that size.
PIXELS = {"200 KB": "643x483", "4 MB": "2936x2168"}
# What a camera sees: clouds of colour, fine noise on them; 12 megapixels in some 4 MB.
CAMERA = (
    *("-seed", "1", "-size", "1000x750", "plasma:", "-resize", "4000x3000", "-attenuate", "0.4"),
    *("+noise", "Gaussian", "-sampling-factor", "4:2:0", "-quality", "92"),
)

SERVICE_ROWS = """
INSERT INTO photos (photo_name, state, filename, content_type, size, width, height, sha256,
                    created_at)
SELECT gen_random_uuid() || '_photo.jpg', 'stored', 'photo.jpg', 'image/jpeg', 200000, 640, 480,
       sha256(number::text::bytea), now()
FROM generate_series(1, %s) AS number
"""
LESSON_ROWS = """
INSERT INTO photos (photo_name)
SELECT gen_random_uuid() || '_photo.jpg' FROM generate_series(1, %s)
"""


def write_photos(folder):
    """The files to upload, by the names of their sizes."""
    return {size: _write(folder / f"{pixels}.jpg", pixels) for size, pixels in PIXELS.items()}


def _write(path, pixels):
    noise = ["-seed", "1", "-size", pixels, "xc:gray50", "+noise", "Random", "-quality", "85"]
    made = subprocess.run(["convert", *noise, "jpeg:-"], capture_output=True, check=True)
    path.write_bytes(with_exif(made.stdout))
    return path


def write_camera_photo(folder):
    path = folder / "camera.jpg"
    subprocess.run(["convert", *CAMERA, path], check=True)
    return path


def padded(jpeg, size):
    """As many bytes as that, by entropy-coded data that decoders pass over."""
    return jpeg[:-2] + bytes(size - len(jpeg)) + jpeg[-2:]


HUGE_CLAIM = padded(claiming("jpeg", 65000, 65000), 5 * 1024)


def with_exif(jpeg):
    """With what a camera adds and the service leaves out: here no more than an orientation."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, 1, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    exif = b"Exif\0\0" + tiff
    return jpeg[:2] + struct.pack(">HH", 0xFFE1, len(exif) + 2) + exif + jpeg[2:]


def fill(url, rows, count):
    """The table holds `count` photos and no other."""
    ask_database(url, "TRUNCATE photos RESTART IDENTITY CASCADE")
    ask_database(url, rows, count)
    ask_database(url, "ANALYZE photos")


def stored(url):
    """How many uploads have ended well."""
    return ask_database(url, "SELECT count(*) FROM photos")[0][0]


def empty_bucket(stack):
    """Before the store's disk is full."""
    pages = stack.store().get_paginator("list_objects_v2").paginate(Bucket=stack.bucket)
    for page in pages:
        keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        if keys:
            stack.store().delete_objects(Bucket=stack.bucket, Delete={"Objects": keys})


def presigned_paths(stack, count):
    """Where so many new photos may be PUT, as paths with queries at the store."""
    endpoint = stack.env["S3_ENDPOINT_URL"]
    for _ in range(count):
        key = f"direct/{uuid.uuid4()}_photo.jpg"
        url = stack.store().generate_presigned_url(
            "put_object", Params={"Bucket": stack.bucket, "Key": key}, ExpiresIn=3600
        )
        yield url.removeprefix(endpoint)
