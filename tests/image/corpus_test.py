"""Photos of several encoders with all the metadata that exiftool can write, stripped by strip_cli.

Nothing private is left, by exiftool's own word; pixels, profile, orientation and animation are what
they were, by ImageMagick's and exiftool's. STRIP_CLI names the program under test (strip_main.cc);
without it the tests fail.
"""

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest

import corpus

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "data" / "images"

# What exiftool tells of the file, and what it may tell of the photo in it.
ABOUT_THE_FILE = re.compile(r"(System|ExifTool|Composite):|SourceFile$|File:ExifByteOrder$")
PUBLIC = re.compile(
    r"""(JFIF|Adobe|ICC_Profile|ICC-\w+|PNG-pHYs):\w+
    |(GIF|RIFF):(?!Comment|Unknown)\w+
    |File:(FileType|FileTypeExtension|MIMEType|Image\w+|EncodingProcess|BitsPerSample)
    |File:(ColorComponents|YCbCrSubSampling)
    |PNG:(Image\w+|BitDepth|ColorType|Compression|Filter|Interlace|Gamma|Palette|Transparency)
    |PNG:(WhitePoint[XY]|(Red|Green|Blue)[XY]|BackgroundColor|ProfileName|Animation\w+)
    |IFD0:Orientation""",
    re.VERBOSE,
)


@pytest.fixture(scope="session")
def folders():
    """plain: as encoders write; private: with metadata; kept, again: stripped once and twice."""
    with tempfile.TemporaryDirectory(prefix="photodrop-corpus-") as name:
        base = pathlib.Path(name)
        names = ("plain", "private", "kept", "again", "plain-kept")
        folders = {name: base / name for name in names}
        for folder in folders.values():
            folder.mkdir()
        corpus.encode(base, folders["plain"])
        for path in SAMPLES.iterdir():
            shutil.copy(path, folders["plain"] / f"sample-{path.name}")
        corpus.add_metadata(base, folders["plain"], folders["private"])
        strip(folders["private"], folders["kept"])
        strip(folders["kept"], folders["again"])
        strip(folders["plain"], folders["plain-kept"])
        yield folders


def strip(source, target):
    subprocess.run([os.environ["STRIP_CLI"], source, target], check=True, timeout=60)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@functools.cache
def tags(folder):
    """What exiftool finds in each file, trailers and unknown tags as well."""
    command = ["exiftool", "-json", "-G1", "-a", "-ee", "-u", "-n", "-b", "-q", "-q"]
    command += ["-ICC_Profile", "-all", folder]
    found = json.loads(subprocess.run(command, capture_output=True, timeout=60).stdout)
    return {pathlib.Path(tags["SourceFile"]).name: about_the_photo(tags) for tags in found}


def about_the_photo(tags):
    return {name: value for name, value in tags.items() if not ABOUT_THE_FILE.match(name)}


def private(tags):
    return [name for name in tags if not PUBLIC.fullmatch(name)]


def public(tags):
    """Flags for Exif and XMP tell of what is gone; an orientation that turns nothing is none."""
    known = {name: value for name, value in tags.items() if PUBLIC.fullmatch(name)}
    if "RIFF:WebP_Flags" in known:
        known["RIFF:WebP_Flags"] &= ~(0x04 | 0x08)
    if known.get("IFD0:Orientation") == 1:
        del known["IFD0:Orientation"]
    return known


def frames(folder):
    """Name, number, size, pixels, delay, colours and orientation of every frame, as decoded."""
    form = "%f %p %wx%h %# %T %[colorspace] %[orientation]\\n"
    command = ["identify", "-quiet", "-format", form, *sorted(folder.iterdir())]
    lines = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    return lines.replace("TopLeft", "Undefined").splitlines()  # both are upright


def test_the_corpus_is_full_of_private_matter(folders):
    found = tags(folders["private"])
    assert set(found) == set(contents(folders["plain"]))
    for name, known in found.items():
        assert private(known), name
    everywhere = {tag.split(":")[0] for known in found.values() for tag in known}
    assert everywhere > {"GPS", "IFD1", "ExifIFD", "IPTC", "XMP-exif", "XMP-xmpNote", "Ducky"}


def test_nothing_private_is_left(folders):
    for name, known in tags(folders["kept"]).items():
        assert private(known) == [], name
    for name, content in contents(folders["kept"]).items():
        assert corpus.SECRET.encode() not in content, name
        assert not content.endswith(tuple(filter(None, corpus.TAILS))), name


def test_profile_orientation_and_animation_are_what_they_were(folders):
    before, after = tags(folders["private"]), tags(folders["kept"])
    for name, known in before.items():
        assert public(after[name]) == public(known), name
    assert sum("ICC_Profile:ICC_Profile" in known for known in after.values()) >= 6
    assert {known.get("IFD0:Orientation") for known in after.values()} == {None, 6, 8}


def test_every_frame_decodes_to_the_same_pixels(folders):
    before = frames(folders["private"])
    assert len({line.split()[0] for line in before}) == len(contents(folders["plain"]))
    assert frames(folders["kept"]) == before


def test_a_second_pass_changes_nothing(folders):
    assert contents(folders["again"]) == contents(folders["kept"])


def test_a_photo_without_anything_private_is_kept_byte_for_byte(folders):
    kept, found = contents(folders["plain-kept"]), tags(folders["plain"])
    untouched = 0
    for name, content in contents(folders["plain"]).items():
        is_clean = found[name] == public(found[name])
        assert (kept[name] == content) == is_clean, name
        untouched += is_clean
    assert untouched > 30
