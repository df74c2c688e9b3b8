"""Sample images as bytes, made without an image library."""

import pathlib
import struct
import zlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data" / "images"
WIDTH, HEIGHT = 24, 16  # of every file in FOLDER
SAMPLES = sorted(path.name for path in FOLDER.iterdir())


def sample(name):
    return (FOLDER / name).read_bytes()


# One of each format, by the second half of its media type.
FORMATS = {
    "jpeg": sample("baseline.jpg"),
    "png": sample("rgb.png"),
    "gif": sample("animated.gif"),
    "webp": sample("lossy.webp"),
}
JPEG = FORMATS["jpeg"]

LONGEST_COMMENT = 2 + 0xFFFF  # bytes: the marker, and a length that counts itself
SHORTEST_COMMENT = 4


def padded_jpeg(size):
    """A JPEG of exactly `size` bytes, grown by comments."""
    comments, gap = [], size - len(JPEG)
    while gap:
        length = min(gap, LONGEST_COMMENT)
        if 0 < gap - length < SHORTEST_COMMENT:
            length -= SHORTEST_COMMENT
        comments.append(b"\xff\xfe" + struct.pack(">H", length - 2) + bytes(length - 4))
        gap -= length
    return JPEG[:2] + b"".join(comments) + JPEG[2:]


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
