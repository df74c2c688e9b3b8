"""The list: what it holds, how it is paged, what it refuses."""

import urllib.parse

import pytest
import requests

from images import FORMATS, JPEG
from stack import ORIGIN, line_about

MOST = 1000  # photos in one answer, the default of LIST_MAX
VOLATILE = ("photo_url", "expires_at")  # signed anew for each answer


def without(photo, names):
    return {name: value for name, value in photo.items() if name not in names}


@pytest.fixture(scope="module")
def photos(stack):
    """Ten photos, as their uploads were answered."""
    formats = list(FORMATS) * 3
    answers = [stack.post(FORMATS[f], f"{i}.{f}") for i, f in enumerate(formats[:10])]
    return [answer.json() for answer in answers]


def ids(photos):
    return [photo["id"] for photo in photos]


def stored_ids(stack):
    return [row[0] for row in stack.rows() if row[2] == "stored"]


def pages(stack, **query):
    """The list's pages, found by following their links from the first."""
    url = stack.photos_url + "?" + urllib.parse.urlencode(query)
    while url:
        answer = requests.get(url, timeout=60)
        assert answer.status_code == 200, answer.text
        yield answer.json()
        link = answer.links.get("next")
        url = link and urllib.parse.urljoin(url, link["url"])


def test_the_list_holds_what_was_uploaded(stack, photos):
    listed = stack.list(after=photos[0]["id"] - 1)
    assert [without(photo, VOLATILE) for photo in listed] == [
        without(photo, VOLATILE) for photo in photos
    ]
    for photo in listed:
        assert list(photo) == list(photos[0])
        assert requests.get(photo["photo_url"], timeout=60).status_code == 200


def test_the_list_is_a_bare_array_by_ascending_id(stack, photos):
    answer = requests.get(stack.photos_url, timeout=60)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert ids(answer.json()) == stored_ids(stack)[:MOST]


def test_only_stored_photos_are_listed(stack, photos):
    hidden = photos[4]["id"]
    change = "UPDATE photos SET state = %s, lease_until = now() + '1 hour' WHERE id = %s"
    try:
        for state in ("pending", "deleting"):
            stack.rows(change, state, hidden)
            assert hidden not in ids(stack.list(after=hidden - 1))
    finally:
        restore = "UPDATE photos SET state = 'stored', lease_until = NULL WHERE id = %s"
        stack.rows(restore, hidden)
    assert hidden in ids(stack.list(after=hidden - 1))


def test_a_row_of_which_only_the_key_is_known_is_listed_with_nulls(stack):
    key = "00000000-0000-4000-8000-000000000000_old.jpg"
    sql = "INSERT INTO photos (photo_name) VALUES (%s) RETURNING id"
    ((old,),) = stack.rows(sql, key)
    try:
        (photo,) = stack.list(after=old - 1)
    finally:
        stack.rows("DELETE FROM photos WHERE id = %s", old)
    assert f"/{key}?" in photo["photo_url"]
    assert set(without(photo, ("id", "image_url", "thumbnail_url", *VOLATILE)).values()) == {None}


@pytest.mark.parametrize("limit", [1, 3, 5, 9, 10, 11])
def test_following_the_links_gives_every_photo_once(stack, photos, limit):
    seen = list(pages(stack, limit=limit, after=photos[0]["id"] - 1))
    assert all(len(page) == limit for page in seen[:-1])
    assert 0 < len(seen[-1]) <= limit
    assert ids(sum(seen, [])) == ids(photos)


@pytest.mark.parametrize("order, step", [("asc", 1), ("desc", -1)])
def test_the_links_lead_through_the_whole_list_in_both_orders(stack, photos, order, step):
    everything = stored_ids(stack)
    seen = list(pages(stack, order=order, limit=len(everything) // 4))
    assert len(seen) > 3
    assert ids(sum(seen, [])) == everything[::step]


def test_a_page_that_is_the_last_has_no_link(stack, photos):
    query = {"after": photos[5]["id"], "limit": 4}
    answer = requests.get(stack.photos_url, params=query, timeout=60)
    assert len(answer.json()) == 4
    assert "Link" not in answer.headers


def test_there_is_nothing_after_the_last_photo(stack, photos):
    assert stack.list(after=photos[-1]["id"]) == []
    assert stack.list(after=0, order="desc") == []


def test_a_limit_over_the_most_is_the_most(stack, photos):
    assert ids(stack.list(limit=2**62)) == stored_ids(stack)[:MOST]


def test_unknown_parameters_are_ignored(stack, photos):
    assert ids(stack.list(limit=2, colour="red")) == stored_ids(stack)[:2]


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=ten", "limit=", "limit=1.5", "limit=" + "9" * 20),
        *("after=-1", "after=x", "after=", "after=1;DROP%20TABLE%20photos"),
        *("order=up", "order=", "order=ASC", "limit=1&limit=2"),
    ],
)
def test_a_bad_parameter_is_refused(stack, query):
    url = f"{stack.photos_url}?{query}"
    answer = requests.get(url, headers={"Origin": ORIGIN}, timeout=60)
    stack.assert_problem(answer, 422, "invalid-parameter")
    assert query.split("=")[0] in answer.json()["detail"]


def test_head_answers_like_get_without_a_body(stack, photos):
    query = {"limit": 3}
    got = requests.get(stack.photos_url, params=query, timeout=60)
    head = requests.head(stack.photos_url, params=query, timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Cache-Control", "ETag", "Link"):
        assert head.headers[name] == got.headers[name]


def test_a_photo_that_is_just_uploaded_is_the_last_of_the_list(stack):
    photo = stack.post(JPEG, "the last.jpg").json()
    assert ids(stack.list(order="desc", limit=1)) == [photo["id"]]


def vary(answer):
    return sorted(answer.headers.get("Vary", "").replace(" ", "").split(","))


def ask(stack, tag, encoding="identity", method="GET"):
    """The page that the tests of tags are about, from a client that has the one of that tag."""
    headers = {"If-None-Match": tag, "Accept-Encoding": encoding, "Origin": ORIGIN}
    return requests.request(
        method, stack.photos_url, params={"limit": 3}, headers=headers, timeout=60
    )


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_list_that_the_client_has_is_not_sent_again(stack, photos, encoding):
    got = ask(stack, "", encoding)
    assert got.status_code == 200
    assert got.headers.get("Content-Encoding", "identity") == encoding
    for method in ("GET", "HEAD"):
        again = ask(stack, got.headers["ETag"], encoding, method)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Link", "Access-Control-Allow-Origin"):
            assert again.headers[name] == got.headers[name]
        assert vary(again) == ["Accept-Encoding", "Origin"]
        assert "ETag" in again.headers["Access-Control-Expose-Headers"]
        assert "Content-Length" not in again.headers


def test_a_photo_that_has_come_or_gone_makes_it_another_list(stack):
    query = {"order": "desc", "limit": 2}

    def tag():
        return requests.get(stack.photos_url, params=query, timeout=60).headers["ETag"]

    before = tag()
    assert tag() == before
    photo = stack.post(JPEG, "new.jpg").json()
    after = tag()
    assert after != before
    requests.delete(f"{stack.photos_url}/{photo['id']}", timeout=60).raise_for_status()
    assert tag() == before
    assert ask(stack, after).status_code == 200


def test_a_list_that_is_kept_ends_with_the_first_photo_that_comes_or_goes(stack):
    photos = [stack.post(JPEG, f"{name}.jpg").json()["id"] for name in ("first", "second")]
    query = {"after": photos[0] - 1, "limit": 5}

    def is_always(expected):
        answers = [requests.get(stack.photos_url, params=query, timeout=60) for _ in range(4)]
        assert {tuple(ids(answer.json())) for answer in answers} == {tuple(expected)}
        assert len({answer.content for answer in answers}) == 1
        assert len({answer.headers["ETag"] for answer in answers}) == 1

    is_always(photos)
    photos.append(stack.post(JPEG, "third.jpg").json()["id"])
    is_always(photos)
    requests.delete(f"{stack.photos_url}/{photos.pop(1)}", timeout=60).raise_for_status()
    is_always(photos)


@pytest.mark.parametrize("encoding", ["gzip, deflate, br", "identity"])
def test_a_list_is_kept_once_it_was_asked_for_twice(stack, photos, encoding):
    query = {"after": photos[0]["id"] - 1, "limit": 4}
    parts = []
    for _ in range(4):
        answer = requests.get(
            stack.photos_url, params=query, headers={"Accept-Encoding": encoding}, timeout=60
        )
        line = line_about(stack, "access.log", answer)
        parts.append(len(line["upstream_status"].split(":")))
    assert parts == [2, 2, 1, 1]


def test_a_list_that_is_kept_comes_to_each_as_it_takes_it(stack, photos):
    query = {"after": photos[0]["id"] - 1, "limit": 1}  # less than nginx would compress
    plain = requests.get(f"{stack.photos_url}/{photos[0]['id']}", timeout=60).json()
    for encoding, coding in (
        ("gzip", "gzip"),
        ("identity", None),
        ("br;q=1.0, gzip;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("*", None),
    ) * 3:
        answer = requests.get(
            stack.photos_url, params=query, headers={"Accept-Encoding": encoding}, timeout=60
        )
        assert answer.headers.get("Content-Encoding") == coding, encoding
        assert answer.json() == [plain]
        assert vary(answer) == ["Accept-Encoding", "Origin"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_list_that_is_kept_is_read_whatever_else_is_asked(stack, photos, encoding):
    query = {"after": photos[0]["id"] - 1, "limit": 6}

    def answer(method="GET", **headers):
        headers = {"Accept-Encoding": encoding, **headers}
        return requests.request(method, stack.photos_url, params=query, headers=headers, timeout=60)

    whole = [answer() for _ in range(3)][-1]
    old = "Thu, 01 Jan 1970 00:00:00 GMT"
    for headers in (
        {"Range": "bytes=0-9"},
        {"If-Match": '"other"'},
        {"If-Unmodified-Since": old},
        {"If-Modified-Since": old},
        {"If-None-Match": '"other"'},
    ):
        got = answer(**headers)
        assert (got.status_code, got.content) == (200, whole.content), headers
    assert answer(**{"If-None-Match": "*"}).status_code == 304
    head = answer("HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_a_tag_is_worth_nothing_once_a_page_is_another(stack, photos):
    one, other = (
        requests.get(stack.photos_url, params={"limit": limit}, timeout=60) for limit in (1, 2)
    )
    assert one.headers["ETag"] != other.headers["ETag"]
