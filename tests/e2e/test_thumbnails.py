"""Thumbnails: small, upright, in sRGB, made once, when they are first asked for."""

import concurrent.futures
import pathlib
import subprocess

import pytest
import requests

import thumbnails
from images import FORMATS, HEIGHT, SAMPLES, WIDTH, sample
from thumbnails import get, post

# Where the orientation puts the top left of what is stored.
CORNERS = {1: "top left", 3: "bottom right", 6: "top right", 8: "bottom left"}


@pytest.fixture
def photo(stack):
    with thumbnails.photos_of_a_test(stack) as make:
        yield make


def convert(content, *options):
    """What ImageMagick makes of an image, or says of it."""
    return output_of("convert", "-", *options, input=content)


def made(*options):
    return output_of("convert", *options)


def output_of(*command, **options):
    done = subprocess.run(command, capture_output=True, timeout=60, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def size_of(content):
    return tuple(int(number) for number in convert(content, "-format", "%w %h", "info:").split())


def pixel(content, x, y):
    return tuple(convert(content, "-depth", "8", "-crop", f"1x1+{x}+{y}", "rgb:-"))


def made_so_far(stack, photo):
    return [
        line["box"]
        for line in stack.log_lines()
        if line["event"] == "thumbnail made" and line["photo"] == photo["id"]
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_photo_that_is_taken_has_one_that_is_never_larger(stack, photo, name):
    answer = get(stack, photo(sample(name), None))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "image/webp"
    assert size_of(answer.content) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("box", [320, 640, 1280])
def test_the_longer_side_is_what_was_asked_for(stack, photo, box):
    wide = photo(made("-size", "2000x1000", "gradient:red-blue", "jpg:-"))
    assert size_of(get(stack, wide, w=box).content) == (box, box // 2)
    tall = photo(made("-size", "1000x2000", "gradient:red-blue", "jpg:-"))
    assert size_of(get(stack, tall, w=box).content) == (box // 2, box)


def test_without_a_size_it_is_640(stack, photo):
    wide = photo(made("-size", "1000x500", "gradient:red-blue", "jpg:-"))
    assert size_of(get(stack, wide).content) == (640, 320)
    for wrong in ("0", "641", "", "large"):
        stack.assert_problem(get(stack, wide, w=wrong), 422, "invalid-parameter")


@pytest.mark.parametrize("orientation", CORNERS)
def test_it_stands_upright(stack, photo, folder, orientation):
    path = folder / "turned.jpg"
    corner = ("-fill", "red", "-draw", "rectangle 0,0 39,19")
    path.write_bytes(made("-size", "80x40", "xc:blue", *corner, "jpg:-"))
    output_of("exiftool", "-q", "-overwrite_original", f"-Orientation#={orientation}", path)
    thumbnail = get(stack, photo(path.read_bytes())).content
    width, height = size_of(thumbnail)
    assert (width, height) == ((80, 40) if orientation in (1, 3) else (40, 80))
    places = {
        "top left": (5, 5),
        "top right": (width - 6, 5),
        "bottom left": (5, height - 6),
        "bottom right": (width - 6, height - 6),
    }
    red = [name for name, place in places.items() if pixel(thumbnail, *place)[0] > 128]
    assert red == [CORNERS[orientation]]


def test_its_colours_are_those_of_the_profile_in_srgb(stack, photo, folder):
    plain, wide = folder / "plain.png", folder / "p3.png"
    plain.write_bytes(made("-size", "64x64", "xc:rgb(120,200,80)", "PNG24:-"))
    output_of("vips", "icc_transform", plain, wide, "p3", "--input-profile", "srgb")
    stored = wide.read_bytes()
    assert abs(pixel(stored, 9, 9)[0] - 120) > 8, "the numbers are another space's"
    seen = pixel(get(stack, photo(stored, "image/png")).content, 9, 9)
    assert all(abs(a - b) <= 6 for a, b in zip(seen, (120, 200, 80))), seen


WITHOUT_PROFILE = {
    "jpeg": ("jpg:-",),
    "png": ("PNG24:-",),
    "png of 16 bits": ("-depth", "16", "PNG48:-"),
    "grey png": ("-colorspace", "Gray", "png:-"),
    "gif": ("gif:-",),
    "webp": ("webp:-",),
}


@pytest.mark.parametrize("kind", WITHOUT_PROFILE)
def test_colours_without_a_profile_stay_as_they_are(stack, photo, kind):
    sent = made("-size", "64x64", "xc:rgb(30,60,200)", "-strip", *WITHOUT_PROFILE[kind])
    seen = pixel(get(stack, photo(sent, None)).content, 9, 9)
    assert all(abs(a - b) <= 6 for a, b in zip(seen, pixel(sent, 9, 9))), seen


def test_of_an_animation_it_shows_the_first_frame(stack, photo):
    frames = made("-size", "64x64", "xc:red", "xc:blue", "-delay", "10", "-loop", "0", "gif:-")
    thumbnail = get(stack, photo(frames, "image/gif")).content
    assert b"ANIM" not in thumbnail
    red, _, blue = pixel(thumbnail, 32, 32)
    assert red > 200 > 55 > blue


def test_it_tells_nothing_of_who_took_the_photo(stack, spare, folder):
    """Even of a photo that was stored as it was sent."""
    path = folder / "private.jpg"
    path.write_bytes(made("-size", "64x64", "gradient:red-blue", "jpg:-"))
    tags = ("Artist=Jane Roe", "GPSLatitude=52.52", "XMP:Creator=Jane Roe", "IPTC:By-line=Jane Roe")
    output_of("exiftool", "-q", "-overwrite_original", *(f"-{tag}" for tag in tags), path)
    with spare.serving(STRIP_METADATA="off"):
        sent = post(spare.stack, path.read_bytes())
        thumbnail = get(spare.stack, sent).content
    requests.delete(f"{stack.photos_url}/{sent['id']}", timeout=60)
    assert not {"EXIF", "XMP ", "ICCP"} & {name.decode("latin-1") for name in chunks(thumbnail)}
    assert b"Jane" not in thumbnail


def chunks(webp):
    at = 12
    while at < len(webp):
        yield webp[at : at + 4]
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + size + size % 2


def test_however_many_ask_for_a_new_one_it_is_made_once(stack, photo):
    asked = photo(made("-size", "1500x1500", "plasma:", "jpg:-"))
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: get(stack, asked), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert made_so_far(stack, asked) == [640]


def test_it_is_kept_beside_the_photo_and_deleted_with_it(stack):
    before = stack.keys()
    kept = post(stack, FORMATS["png"], "image/png")
    for box in (320, 640):
        assert get(stack, kept, w=box).status_code == 200
    ((key,),) = stack.rows("SELECT photo_name FROM photos WHERE id = %s", kept["id"])
    assert stack.keys() - before == {key, f"{key}.320.webp", f"{key}.640.webp"}
    requests.delete(f"{stack.photos_url}/{kept['id']}", timeout=60)
    assert stack.keys() == before
    stack.assert_problem(get(stack, kept), 404, "not-found")


def test_it_is_cached_and_asked_for_anew_like_the_photo(stack, photo):
    shown = photo(FORMATS["png"], "image/png")
    first, second = get(stack, shown), get(stack, shown)
    assert first.content == second.content
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Content-Disposition"] == 'inline; filename="cat.jpg.webp"'
    tag = {"If-None-Match": first.headers["ETag"]}
    again = requests.get(stack.http_url + shown["thumbnail_url"], headers=tag, timeout=60)
    assert (again.status_code, again.content) == (304, b"")


def test_it_takes_a_token_where_reading_does(locked, token):
    sent = {"Authorization": f"Bearer {token()}"}
    files = {"photo": ("cat.png", FORMATS["png"], "image/png")}
    kept = requests.post(locked.photos_url, files=files, headers=sent, timeout=60).json()
    locked.assert_problem(get(locked, kept), 401, "unauthorized")
    link = locked.http_url + kept["thumbnail_url"]
    assert requests.get(link, headers=sent, timeout=60).status_code == 200
    locked.assert_problem(get(locked, kept), 401, "unauthorized")  # from the cache neither
    requests.delete(f"{locked.photos_url}/{kept['id']}", headers=sent, timeout=60)


def test_the_service_neither_links_nor_loads_a_decoder(stack):
    linked = output_of("ldd", stack.program()).decode()
    assert "libcurl" in linked
    decoders = ("libvips", "libjpeg", "libpng", "libwebp", "libgif")
    for worker in stack.workers():
        loaded = pathlib.Path(f"/proc/{worker}/maps").read_text()
        assert not [name for name in decoders if name in linked + loaded]
