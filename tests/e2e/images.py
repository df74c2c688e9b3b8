"""Sample images as bytes, made without an image library."""

import pathlib
import struct
import zlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data" / "images"
WIDTH, HEIGHT = 24, 16  # of every file in FOLDER
SAMPLES = sorted(path.name for path in FOLDER.iterdir())
WITH_METADATA = {"animated.gif", "exif.webp", "rgba16.png"}  # the others are stored as they are


def sample(name):
    return (FOLDER / name).read_bytes()


# One of each format, by the second half of its media type.
FORMATS = {
    "jpeg": sample("baseline.jpg"),
    "png": sample("rgb.png"),
    "gif": sample("interlaced.gif"),
    "webp": sample("lossy.webp"),
}
JPEG = FORMATS["jpeg"]


def jpeg_with(data):
    """The JPEG with more entropy-coded data than it needs: decoders pass over it. No 0xFF in it."""
    return JPEG[:-2] + data + JPEG[-2:]


def padded_jpeg(size):
    """A JPEG of exactly `size` bytes."""
    return jpeg_with(bytes(size - len(JPEG)))


def png(width, height):
    """A black picture, one bit a pixel: 60 million of them are 7 kB."""
    rows = bytes(1 + (width + 7) // 8) * height
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def png_chunk(name, content):
    crc = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)


def claiming(image_format, width, height):
    """A small file whose header states this size."""
    if image_format == "png":
        return png(width, height)
    order, at, first, second = {
        "jpeg": (">", JPEG.index(b"\xff\xc0") + 5, height, width),
        "gif": ("<", 6, width, height),
        "webp": ("<", 26, width, height),
    }[image_format]
    content = FORMATS[image_format]
    return content[:at] + struct.pack(order + "HH", first, second) + content[at + 4 :]
