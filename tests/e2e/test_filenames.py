"""Names of files, however odd: shown as sent where that is harmless, never in the way."""

import urllib.parse

import pytest
import requests

import wire
from images import JPEG

CAT = "\N{CAT}"
OTHERS = "\N{REPLACEMENT CHARACTER}"
LONGEST = 255  # bytes, of a name that is shown; in keys a name has 100

# What stands between the quotes of filename="", the name that is shown, the name in the key.
NAMES = {
    "an ordinary one": (b"cat.jpg", "cat.jpg", "cat.jpg"),
    "spaces": (b" my  cat .jpg ", "my  cat .jpg", "my_cat_.jpg"),
    "a quote, as browsers write it": (b"a%22b.jpg", 'a"b.jpg', "a_b.jpg"),
    "a quote, as HTTP writes it": (b'a\\"b.jpg', 'a"b.jpg', "a_b.jpg"),
    "an apostrophe": (b"cat's.jpg", "cat's.jpg", "cat_s.jpg"),
    "a path of Windows": (rb"C:\photos\cat.jpg", "cat.jpg", "cat.jpg"),
    "a path of Unix": (b"/home/cat/cat.jpg", "cat.jpg", "cat.jpg"),
    "a backslash at the end": (b"cat\\", None, "photo"),
    "line breaks": (b"a%0D%0Ab%0ac.jpg", "abc.jpg", "abc.jpg"),
    "a NUL": (b"cat.jpg\0.php", "cat.jpg.php", "cat.jpg.php"),
    "controls": (b"\x1b[31mcat\x7f\xc2\x85.jpg", "[31mcat.jpg", "_31mcat.jpg"),
    "a way up": (b"../../../etc/passwd", "passwd", "passwd"),
    "a way up of Windows": (rb"..\..\boot.ini", "boot.ini", "boot.ini"),
    "only a way up": (b"..", None, "photo"),
    "nothing": (b"", None, "photo"),
    "a hidden file": (b".htaccess", ".htaccess", "photo.htaccess"),
    "dots at the end": (b"cat.jpg...", "cat.jpg", "cat.jpg"),
    "an emoji": (f"{CAT}.jpg".encode(), f"{CAT}.jpg", "photo.jpg"),
    "accents and kanji": ("été 猫.jpg".encode(), "été 猫.jpg", "_t_.jpg"),
    "Latin-1": (b"caf\xe9.jpg", f"caf{OTHERS}.jpg", "caf_.jpg"),
    "what URLs are made of": (b"a+b&c=d?e#f;g.jpg", "a+b&c=d?e#f;g.jpg", "a_b_c_d_e_f_g.jpg"),
    "escapes of URLs": (b"a%41%2Fb%.jpg", "a%41%2Fb%.jpg", "a_41_2Fb_.jpg"),
    "markup": (b"<img src=x id=y>.jpg", "<img src=x id=y>.jpg", "_img_src_x_id_y_.jpg"),
    "4 kB": (b"x" * 4092 + b".jpg", "x" * (LONGEST - 4) + ".jpg", "x" * 96 + ".jpg"),
    "4 kB of emoji": (f"{CAT * 1023}.jpg".encode(), CAT * 62 + ".jpg", "photo.jpg"),
    "4 kB of dots": (b"." * 4096, None, "photo"),
}


def assert_stored_as(stack, answer, shown, in_key):
    assert answer.status_code == 200, answer.text
    photo = answer.json()
    assert photo["filename"] == shown
    (listed,) = stack.list(after=photo["id"] - 1, limit=1)
    assert (listed["id"], listed["filename"]) == (photo["id"], shown)
    ((key,),) = stack.rows("SELECT photo_name FROM photos WHERE id = %s", photo["id"])
    assert key[36:] == "_" + in_key
    assert urllib.parse.urlsplit(photo["photo_url"]).path.endswith("/" + key)
    for url in (photo["photo_url"], listed["photo_url"]):
        assert requests.get(url, timeout=60).content == JPEG


@pytest.mark.parametrize("kind", NAMES)
def test_a_form_may_name_its_photo_as_it_likes(stack, kind):
    sent, shown, in_key = NAMES[kind]
    part = wire.part(b'name="photo"; filename="%b"' % sent, JPEG)
    assert_stored_as(stack, wire.send(stack, wire.form(part)), shown, in_key)


def test_a_name_without_quotes_is_a_name(stack):
    part = wire.part(b"name=photo; filename=cat.jpg", JPEG)
    assert_stored_as(stack, wire.send(stack, wire.form(part)), "cat.jpg", "cat.jpg")


def test_only_the_plain_name_counts(stack):
    names = b"name=\"photo\"; filename=\"cat.jpg\"; filename*=UTF-8''other.jpg"
    answer = wire.send(stack, wire.form(wire.part(names, JPEG)))
    assert_stored_as(stack, answer, "cat.jpg", "cat.jpg")


@pytest.mark.parametrize(
    "sent, shown, in_key",
    [
        pytest.param("cat.jpg", "cat.jpg", "cat.jpg", id="an ordinary one"),
        pytest.param("%F0%9F%90%88+%C3%A9t.jpg", f"{CAT}+ét.jpg", "_t.jpg", id="UTF-8"),
        pytest.param("..%2F..%2Fpasswd", "passwd", "passwd", id="a way up"),
        pytest.param("a%00%0D%0Ab.jpg", "ab.jpg", "ab.jpg", id="controls"),
        pytest.param("caf%E9.jpg", f"caf{OTHERS}.jpg", "caf_.jpg", id="Latin-1"),
        pytest.param("100%.jpg", "100%.jpg", "100_.jpg", id="no escape"),
        pytest.param("x" * 4092 + ".jpg", "x" * 251 + ".jpg", "x" * 96 + ".jpg", id="4 kB"),
        pytest.param("", None, "photo", id="nothing"),
    ],
)
def test_a_body_is_named_by_its_x_filename(stack, sent, shown, in_key):
    answer = wire.send(stack, JPEG, "image/jpeg", {"X-Filename": sent})
    assert_stored_as(stack, answer, shown, in_key)


@pytest.mark.parametrize(
    "disposition",
    [
        pytest.param(b'name="photo"; filename="a\r\nb.jpg"', id="a line break"),
        pytest.param(b'name="photo"; filename="a\nb.jpg"', id="a line feed"),
        pytest.param(b'name="photo"; filename="a\r\n b.jpg"', id="a folded line"),
        pytest.param(b'name="photo"; filename="a"b.jpg"', id="a bare quote"),
        pytest.param(b'name="photo"; filename="cat.jpg', id="no closing quote"),
        pytest.param(b'name="photo"; filename="a.jpg"; filename="b.jpg"', id="two names"),
        pytest.param(b'name="photo"; filename="%b"' % (b"x" * 8192), id="8 kB"),
    ],
)
def test_a_name_that_could_be_read_two_ways_is_refused(stack, unchanged, disposition):
    answer = wire.send(stack, wire.form(wire.part(disposition, JPEG)))
    stack.assert_problem(answer, 400, "malformed-upload")
