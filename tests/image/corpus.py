"""Photos by several encoders, and the same with metadata wherever exiftool can put them."""

import shutil
import subprocess

SECRET = "a private matter"
SIZE = "48x32"

# Commands that run beside the SOURCES; {} stands for the file to make.
ENCODERS = {
    "baseline.jpg": "cjpeg -quality 80 -outfile {} source.ppm",
    "progressive.jpg": "cjpeg -quality 80 -progressive -outfile {} source.ppm",
    "arithmetic.jpg": "cjpeg -quality 80 -arithmetic -outfile {} source.ppm",
    "gray.jpg": "cjpeg -quality 80 -grayscale -optimize -outfile {} source.ppm",
    "restart.jpg": "cjpeg -quality 80 -restart 1 -sample 1x1 -outfile {} source.ppm",
    "rgb.jpg": "cjpeg -quality 80 -rgb -outfile {} source.ppm",
    "magick.jpg": "convert source.ppm -profile srgb.icc {}",
    "cmyk.jpg": "convert source.ppm -colorspace CMYK -quality 80 {}",
    "vips.jpg": "vips copy source.ppm {}[Q=80,profile=srgb]",
    "vips-progressive.jpg": "vips copy source.ppm {}[Q=80,interlace,strip]",
    "magick.png": "convert source.ppm -profile srgb.icc {}",
    "palette.png": "convert source.ppm -colors 16 PNG8:{}",
    "alpha16.png": "convert alpha.png -depth 16 PNG64:{}",
    "gray16.png": "convert source.ppm -colorspace Gray -depth 16 {}",
    "interlaced.png": "convert source.ppm -interlace PNG PNG24:{}",
    "optimized.png": "optipng -quiet -out {} alpha.png",
    "vips.png": "vips copy alpha.png {}[interlace,profile=srgb]",
    "vips-palette.png": "vips copy alpha.png {}[palette]",
    "magick.gif": "convert source.ppm -colors 16 -interlace GIF {}",
    "animated.gif": "gifsicle -O3 --loopcount=3 --delay 20 frames.gif -o {}",
    "once.gif": "gifsicle --no-loopcount --interlace --comment hello frames.gif -o {}",
    "vips.gif": "vips copy frames.gif[n=-1] {}",
    "lossy.webp": "cwebp -quiet -q 70 source.ppm -o {}",
    "profile.webp": "cwebp -quiet -q 70 -metadata icc profile.png -o {}",
    "lossless.webp": "cwebp -quiet -lossless alpha.png -o {}",
    "alpha.webp": "cwebp -quiet -q 70 alpha.png -o {}",
    "animated.webp": "gif2webp -quiet -mixed frames.gif -o {}",
    "magick.webp": "convert alpha.png {}",
    "vips.webp": "vips copy alpha.png {}[Q=70,profile=srgb]",
    "vips-animated.webp": "vips copy frames.gif[n=-1] {}[lossless]",
}

SOURCES = (
    f"convert -size {SIZE} gradient:red-blue -rotate 20 -resize {SIZE}! -strip source.ppm",
    "convert source.ppm -alpha set -channel A -evaluate set 50% +channel -strip PNG32:alpha.png",
    "convert -delay 10 -loop 0 source.ppm -strip ( source.ppm -flop ) ( source.ppm -negate )"
    " -colors 32 frames.gif",
    "vips copy source.ppm profile.png[profile=srgb]",
    "cjpeg -outfile thumbnail.jpg source.ppm",
)

# What exiftool writes, wherever the format has room for it.
PRIVATE = (
    *("-GPSLatitude=52.52", "-GPSLatitudeRef=N", "-GPSLongitude=13.405", "-GPSLongitudeRef=E"),
    *("-SerialNumber=0815", f"-Artist={SECRET}", "-DateTimeOriginal=2026:01:31 12:00:00"),
    *("-ThumbnailImage<=thumbnail.jpg", f"-XMP:Creator={SECRET}", "-XMP:GPSLatitude=52.52"),
    *(f"-IPTC:By-line={SECRET}", "-Photoshop:CopyrightFlag=1", f"-Comment={SECRET}"),
    *(f"-PNG:Author={SECRET}", f"-Ducky:Comment={SECRET}", "-JFIF:XResolution=72"),
)
# Taken in turn: orientations of both byte orders, one that turns nothing, XMP of several segments.
VARIANTS = (
    ("-ExifByteOrder=II", "-Orientation#=6"),
    ("-ExifByteOrder=MM", "-Orientation#=8"),
    ("-ExifByteOrder=MM", "-Orientation#=1"),
    ("-ExifByteOrder=II", "-XMP:Description=" + 70_000 * "x"),
)
# Taken in turn: a film, as behind a motion photo; a ZIP, a page, and another picture, as in an MPO.
TAILS = (b"\0\0\0\x18ftypmp42", b"PK\x03\x04", b"<html>", b"\xff\xd8\xff\xe1", b"")


def run(command, folder):
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)


def encode(folder, target):
    """Makes a file of every kind in `target`, and what is needed for that in `folder`."""
    for command in SOURCES:
        run(command.split(), folder)
    profile = ["exiftool", "-b", "-ICC_Profile", "-w!", "icc", "profile.png"]
    run(profile, folder)
    (folder / "profile.icc").rename(folder / "srgb.icc")
    for name, command in ENCODERS.items():
        run(command.format(target / name).split(), folder)


def add_metadata(folder, plain, target):
    """Copies the files of `plain` to `target`, with metadata in them and bytes behind them."""
    files = [shutil.copy(path, target) for path in sorted(plain.iterdir())]
    for number, variant in enumerate(VARIANTS):
        chosen = files[number :: len(VARIANTS)]
        options = ["-overwrite_original", "-q", "-q", "-m", *PRIVATE, *variant]
        run(["exiftool", *options, *chosen], folder)
    for number, path in enumerate(files):
        with open(path, "ab") as file:
            file.write(TAILS[number % len(TAILS)])
